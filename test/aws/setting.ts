import type { SandboxIndex } from "../../bin/sandbox/index/server.ts";
import type { Monitor } from "../../bin/sandbox/monitor.ts";
import type { Mint } from "../pypi/minting.ts";
import type { Context, Operator } from "./cdk.ts";
import type { Clients, Deployed } from "./deployed.ts";
import type { HttpSubscriber } from "./http-subscriber.ts";
import type { MiniStack } from "./ministack.ts";
import type { QueueSubscriber } from "./queue-subscriber.ts";

/** Everything there is before something is deployed. */
export interface Ground {
  readonly miniStack: MiniStack;
  readonly operator: Operator;
  readonly clients: Clients;
  readonly index: SandboxIndex;
  readonly http: HttpSubscriber;
  /** Whom the operator trusts to attest provenance. */
  readonly sigstore: Mint;
  /** What the operator chose. */
  readonly context: Context;
}

/** A deployed monitor and everybody around it. */
export interface Setting extends Ground {
  readonly deployed: Deployed;
  readonly queue: QueueSubscriber;
  readonly monitor: Monitor;
  readonly operatorKey: string;
}

/**
 * As fast as the story of the embedded host. `keepData=false` lets the stack be removed with all it made. `trustedRoot` is a path.
 */
export function contextFor(index: SandboxIndex, http: HttpSubscriber, trustedRoot: string): Context {
  return {
    index: index.url,
    filesOrigins: index.filesOrigin,
    findingsHttps: http.url,
    healthHttps: http.url,
    trustedRoot,
    pollSeconds: "0.5",
    confirmSeconds: "1.5",
    sweepHours: String(3 / 3600),
    rehashHours: String(3 / 3600),
    keepData: "false",
    quieteningHours: String(5 / 3600),
  };
}
