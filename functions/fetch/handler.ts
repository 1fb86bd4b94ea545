import { s3Client } from "../aws/clients.ts";
import { consumer } from "../aws/consumer.ts";
import { evidence } from "../aws/evidence.ts";
import { expendable } from "../aws/expendable.ts";
import { systemClock } from "../aws/machine.ts";
import { meteredFiles } from "../aws/metrics.ts";
import { objects } from "../aws/objects.ts";
import { Sending, start } from "../aws/start.ts";
import { pypiAdapters } from "../pypi/adapters.ts";
import { examinationUnder } from "../pypi/sigstore.ts";
import { fetch } from "./fetch.ts";
import { parseArtifact } from "./schema.ts";

/** Inside the function's 300 seconds: an artifact that is slower is told to be too slow, instead of killing the function. */
const LIMITS = { fileMs: 270_000 };
const started = start();
const { env, meter, caller, stage } = started;
const { index, filesOrigins, contact, version, settings } = env;
const { sqs, artifacts, facts } = new Sending(started);
const adapters = pypiAdapters({ index, filesOrigins, contact, version, limits: LIMITS }, systemClock);
const kept = evidence(objects(s3Client(caller), env.evidenceBucket), stage);
const spare = expendable(kept, stage.log);
const provenances = adapters.provenances(examinationUnder(env.trustedRoot));
const ports = { settings, files: meteredFiles(adapters.files, meter), provenances, artifacts, facts };
const queues = [env.artifactsNowQueue, env.artifactsSweepQueue];
/** Hashes one artifact an invocation. Connections to the index outlive it. */
export const handler = consumer(started, sqs, queues, parseArtifact, (artifact) =>
  fetch(artifact, { ...ports, evidence: artifact.keepFor === null ? spare : kept }),
);
