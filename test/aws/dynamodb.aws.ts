import { cursorsContract, entriesContract } from "../contracts/journal.ts";
import { ledgerContract } from "../contracts/ledger.ts";
import { manifestsContract } from "../contracts/manifests.ts";
import { pageStoreContract } from "../contracts/pages.ts";
import { deadlinesContract, flakyEdgesContract, positionsContract } from "../contracts/schedule.ts";
import { sourceStatesContract } from "../contracts/sources.ts";
import { viewContract } from "../contracts/view.ts";
import { enrolmentsContract, recordsContract } from "../contracts/watchers.ts";
import { ANSWERER, makeHost } from "./dynamodb.ts";

const CONTRACTS = [
  cursorsContract,
  entriesContract,
  sourceStatesContract,
  enrolmentsContract,
  recordsContract,
  manifestsContract,
  ledgerContract,
  viewContract,
  deadlinesContract,
  positionsContract,
  flakyEdgesContract,
  pageStoreContract,
];
for (const contract of CONTRACTS) contract(ANSWERER, makeHost);
