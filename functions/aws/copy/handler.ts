import { s3Client } from "../clients.ts";
import { objects } from "../objects.ts";
import { start } from "../start.ts";
import { copy } from "./copy.ts";
import { streamReader } from "./stream.ts";

const { env, stage, meter, caller } = start();
const copies = objects(s3Client(caller), env.ledgerCopyBucket);
const { log } = stage;

/** Follows the ledger's stream into a bucket from which nobody can remove anything. */
export const handler = streamReader(stage, meter, (record) => copy(record, { copies, meter, log }));
