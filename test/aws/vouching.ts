import assert from "node:assert/strict";
import { github, provenanceOf } from "../pypi/minting.ts";
import type { Claims } from "./claims.ts";
import { eventually } from "./eventually.ts";
import { enrol, judged, publish, type Release, releaseOf, toldOf } from "./releases.ts";
import type { Setting } from "./setting.ts";

/** What provenance is worth on the deployed stack, under a root that the operator gave it. */
export const VOUCHING: Claims<Setting> = {
  "provenance of the expected publisher stands in place of a record, and another's is told": attested,
};

const PUBLISHER = { provider: "github", repository: "heron/heron", workflow: "release.yml" };

async function attested(setting: Setting): Promise<void> {
  await enrol(setting, "heron", { strict: true, provenance: { publisher: PUBLISHER, counts: true } });
  const [genuine, stolen] = ["1.0.0", "1.0.1"].map((version) => releaseOf("heron", version));
  assert.ok(genuine && stolen);
  publish(setting, { ...genuine, provenance: await provenance(setting, genuine, "heron/heron") });
  await judged(setting, [genuine], "match");
  publish(setting, { ...stolen, provenance: await provenance(setting, stolen, "thief/heron") });
  await eventually(
    "the thief is told",
    () => toldOf(setting, stolen.file),
    (told) =>
      ["provenance-changed", "unrecorded"].every((each) =>
        told.some((line) => line.includes(` ${each} open`)),
      ),
  );
  assert.deepEqual(toldOf(setting, genuine.file), []);
}

async function provenance(
  { sigstore }: Setting,
  { file, bytes }: Release,
  repository: string,
): Promise<Uint8Array> {
  const attestation = await sigstore.attest({ file, bytes, claims: github(repository) });
  return Buffer.from(provenanceOf([attestation], { kind: "GitHub", repository, workflow: "release.yml" }));
}
