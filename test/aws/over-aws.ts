import { randomUUID } from "node:crypto";
import type { Caller } from "../../functions/aws/clients.ts";
import type { ContractHost } from "../contracts/host.ts";

const endpoint = process.env["COUNTERFOIL_TEST_AWS"];
if (endpoint === undefined)
  throw new Error(
    "COUNTERFOIL_TEST_AWS is not set: these tests need an AWS endpoint, `npm run test:aws` has one",
  );
// Where the SDK itself looks for it, so that the clients are the very ones that are deployed.
process.env["AWS_ENDPOINT_URL"] = endpoint;

export const CALLER: Caller = { stage: "test", log: () => {} };

/** A name that nothing else has. */
export const fresh = (name: string): string => `${name}-${randomUUID().slice(0, 8)}`;

/** A host of these ports only; a contract that reaches for another fails. */
export const hostOf = (ports: Partial<ContractHost>): ContractHost =>
  new Proxy(ports as ContractHost, {
    get: (target, name) => {
      // Whether it is a promise is asked of everything that is awaited.
      if (name in target || name === "then") return Reflect.get(target, name) as unknown;
      throw new Error(`this host has no ${String(name)}`);
    },
  });
