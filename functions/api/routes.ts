import { ACKNOWLEDGE, RESOLVE } from "./acknowledging.ts";
import { ARTIFACTS } from "./artifacts.ts";
import { ASKED, CONFIRM } from "./confirming.ts";
import { ADD_CONTACT, ASK_CONTACT, END_CONTACT } from "./contacts.ts";
import { ADD_CREDENTIAL, REVOKE, ROTATE } from "./credentials.ts";
import { DRILL } from "./drilling.ts";
import { ENROL, ENROLMENT, ENROLMENTS } from "./enrolments.ts";
import { EVIDENCE, EVIDENCE_BYTES, FINDING_LEDGER } from "./evidence.ts";
import { EXPLANATION } from "./explaining.ts";
import { FINDING, FINDINGS } from "./findings.ts";
import { HEALTH } from "./health.ts";
import { FINDING_HISTORY, HISTORY } from "./history.ts";
import { INVITATIONS, INVITE } from "./invitations.ts";
import { MANIFEST, SIGNATURE } from "./manifests.ts";
import { OPENAPI } from "./openapi.ts";
import { CANCEL, END } from "./pending.ts";
import { POLICY } from "./policies.ts";
import { ADD_PUBLISHER, END_PUBLISHER } from "./publishers.ts";
import { RECORD, RECORDS } from "./records.ts";
import { PROBLEM } from "./refusing.ts";
import type { Route } from "./route.ts";
import { ADD_SIGNER, ALLOWED_SIGNERS, END_SIGNER } from "./signers.ts";
import { VERIFY } from "./verifying.ts";
import { VOUCH } from "./vouching.ts";
import { WITHDRAW } from "./withdrawing.ts";

/** Every route, in the order in which the document lists them. Each lies with its handler. */
export const ROUTES: readonly Route[] = [
  ENROL,
  INVITE,
  INVITATIONS,
  ENROLMENTS,
  ENROLMENT,
  VOUCH,
  POLICY,
  ADD_CREDENTIAL,
  ROTATE,
  REVOKE,
  ADD_SIGNER,
  END_SIGNER,
  ALLOWED_SIGNERS,
  ADD_PUBLISHER,
  END_PUBLISHER,
  ADD_CONTACT,
  END_CONTACT,
  ASK_CONTACT,
  ASKED,
  CONFIRM,
  DRILL,
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
  EXPLANATION,
  ACKNOWLEDGE,
  RESOLVE,
  FINDING_HISTORY,
  EVIDENCE,
  EVIDENCE_BYTES,
  FINDING_LEDGER,
  HEALTH,
  PROBLEM,
  OPENAPI,
];
