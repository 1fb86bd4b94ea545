import { ACKNOWLEDGE, RESOLVE } from "./acknowledging.ts";
import { ARTIFACTS } from "./artifacts.ts";
import { FINDING, FINDINGS } from "./findings.ts";
import { HEALTH } from "./health.ts";
import { MANIFEST, SIGNATURE } from "./manifests.ts";
import { RECORD, RECORDS } from "./records.ts";
import type { Route } from "./route.ts";
import { VERIFY } from "./verifying.ts";
import { WITHDRAW } from "./withdrawing.ts";

/** Every route, in the order in which the document lists them. Each lies with its handler. */
export const ROUTES: readonly Route[] = [
  RECORD,
  RECORDS,
  WITHDRAW,
  MANIFEST,
  SIGNATURE,
  ARTIFACTS,
  VERIFY,
  FINDINGS,
  FINDING,
  ACKNOWLEDGE,
  RESOLVE,
  HEALTH,
];
