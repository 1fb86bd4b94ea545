import { answersLost, duplicated, outage, throttled } from "./adversities.ts";
import type { Claims } from "./claims.ts";
import { burst, poisoned, replayed } from "./dying.ts";
import { killed } from "./killing.ts";
import { alertLost, baseline, deadlinesPass, largeSubmission, mismatched, toldAfterAll } from "./rarer.ts";
import { redeployed } from "./redeploying.ts";
import type { Setting } from "./setting.ts";
import { copied, noticed } from "./tampering.ts";

export const FAULTS: Claims<Setting> = {
  "an alert is lost on its way": alertLost,
  "all messages a second time change nothing and tell nobody": duplicated,
  "functions killed in the middle, one of each stage, lose nothing": killed,
  "a throttled table delays, and no more": throttled,
  "answers that were lost after the effect change nothing": answersLost,
  "an outage of the index is a matter of health only, and is caught up with": outage,
  "a project enrolled late has its baseline": baseline,
  "deadlines that pass are told": deadlinesPass,
  "other bytes than recorded are a mismatch, and are kept": mismatched,
  "a submission too large for one transaction counts as a whole": largeSubmission,
  "a burst of a hundred uploads at a concurrency of ten leaves no dead letter": burst,
  "a poison message in each queue becomes a dead letter while its neighbours pass": poisoned,
  "a dead letter that is replayed once the cause is mended is handled": replayed,
  "deploying over what is deployed keeps data, ids and addresses": redeployed,
  "the lost alert is told after all": toldAfterAll,
  "the locked bucket holds each entry of the ledger as it is": copied,
  "an entry of the ledger modified, removed, or put back is noticed": noticed,
};
