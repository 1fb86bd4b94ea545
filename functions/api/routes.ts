import { ACKNOWLEDGE, RESOLVE } from "./acknowledging.ts";
import { ARTIFACTS } from "./artifacts.ts";
import { ADD_CREDENTIAL, REVOKE, ROTATE } from "./credentials.ts";
import { ENROL, ENROLMENT, ENROLMENTS } from "./enrolments.ts";
import { FINDING, FINDINGS } from "./findings.ts";
import { HEALTH } from "./health.ts";
import { HISTORY } from "./history.ts";
import { INVITE } from "./invitations.ts";
import { MANIFEST, SIGNATURE } from "./manifests.ts";
import { OPENAPI } from "./openapi.ts";
import { CANCEL, END } from "./pending.ts";
import { POLICY } from "./policies.ts";
import { RECORD, RECORDS } from "./records.ts";
import { PROBLEM } from "./refusing.ts";
import type { Route } from "./route.ts";
import { VERIFY } from "./verifying.ts";
import { VOUCH } from "./vouching.ts";
import { WITHDRAW } from "./withdrawing.ts";

/** Every route, in the order in which the document lists them. Each lies with its handler. */
export const ROUTES: readonly Route[] = [
  ENROL,
  INVITE,
  ENROLMENTS,
  ENROLMENT,
  VOUCH,
  POLICY,
  ADD_CREDENTIAL,
  ROTATE,
  REVOKE,
  CANCEL,
  END,
  HISTORY,
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
  PROBLEM,
  OPENAPI,
];
