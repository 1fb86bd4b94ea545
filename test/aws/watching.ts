import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { type Client, createClient } from "../../functions/client/client.ts";
import { ApiRefused, ApiUnreachable } from "../../functions/client/errors.ts";
import type { Watch } from "../../functions/client/watching.ts";
import type { Claims } from "./claims.ts";
import { ContactListener } from "./contact-listener.ts";
import { eventually } from "./eventually.ts";
import { publish, releaseOf, toldOf } from "./releases.ts";
import type { Setting } from "./setting.ts";
import { sweepingOften } from "./story.ts";

/** What watchers do with their enrolments, by the API's own client. */
export const WATCHING: Claims<Setting> = {
  "an invitation enrols one watcher, once": invited,
  "a contact is told once it confirmed, and a drill goes to contacts alone": contacted,
  "what makes the monitor quieter waits, can be cancelled, and comes into force in its time": quietened,
  "a finding is acknowledged, and resolved by whom it concerns": minded,
  "what was recorded twice or taken back is news, and its manifest stays as it came": recorded,
};

const MOST_TRIES = 20;

/** Where many share a limit, one is asked to come again. */
async function patient<T>(ask: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1)
    try {
      return await ask();
    } catch (error) {
      const isBusy = error instanceof ApiUnreachable || (error instanceof ApiRefused && error.status === 429);
      if (!isBusy || tries === MOST_TRIES) throw error;
      await setTimeout(1_000);
    }
}

const clientWith = ({ monitor }: Setting, key: string | null): Client =>
  createClient({ url: monitor.url, key, timeoutMs: 30_000 });

interface Watcher {
  readonly watch: Watch;
  readonly client: Client;
}

async function enrolled(setting: Setting, project: string, key = setting.operatorKey): Promise<Watcher> {
  const { id, keys } = await patient(() => clientWith(setting, key).enrol({ project }));
  return { watch: { project, enrolment: id }, client: clientWith(setting, keys.maintainer) };
}

const refusedWith = (status: number) => (error: unknown) =>
  error instanceof ApiRefused && error.status === status;

async function invited(setting: Setting): Promise<void> {
  const operator = clientWith(setting, setting.operatorKey);
  const { invitation } = await patient(() => operator.invite("gull", null));
  const { watch, client } = await enrolled(setting, "gull", invitation);
  assert.equal((await patient(() => client.enrolment(watch))).selfClaimed, false);
  await assert.rejects(enrolled(setting, "gull", invitation), refusedWith(401));
}

/** What the operator's subscriber was told of a project. */
const toldAbout = ({ http }: Setting, project: string): readonly string[] =>
  http.alerts.filter(({ finding }) => finding["project"] === project).map(({ finding }) => finding.verdict);

async function contacted(setting: Setting): Promise<void> {
  const listener = await ContactListener.start();
  try {
    const { watch, client } = await enrolled(setting, "petrel");
    const address = `${listener.url}/petrel`;
    const { contact } = await patient(() => client.addContact(watch, { kind: "webhook", address }));
    const confirmed = async (): Promise<boolean> =>
      (await patient(() => client.enrolment(watch))).contacts.every((each) => each.confirmed);
    assert.equal(await confirmed(), false);
    await listener.confirm(address);
    await eventually("the contact has confirmed", confirmed, (is) => is);
    const drill = await patient(() => client.drill(watch));
    assert.deepEqual(
      drill.contacts.map(({ id }) => id),
      [contact.id],
    );
    await eventually(
      "the drill arrives",
      () => listener.reached(address),
      (reached) => reached.includes(drill.alert),
    );
    assert.ok(!toldAbout(setting, "petrel").includes("drill"), "the operator was drilled");
    assert.ok(toldAbout(setting, "petrel").includes("enrolment-changed"), "the operator was not told");
  } finally {
    listener.stop();
  }
}

async function quietened(setting: Setting): Promise<void> {
  const { watch, client } = await enrolled(setting, "tern");
  const strict = async (): Promise<boolean> => (await patient(() => client.enrolment(watch))).policy.strict;
  await patient(() => client.changePolicy(watch, { strict: true }));
  assert.equal(await strict(), true);
  const [taken] = (await patient(() => client.changePolicy(watch, { strict: false }))).changes;
  assert.ok(taken !== undefined && taken.inForceAt > taken.askedAt);
  await patient(() => client.cancel(watch, taken.id));
  const [due] = (await patient(() => client.changePolicy(watch, { strict: false }))).changes;
  assert.ok(due !== undefined);
  using _ = sweepingOften(setting);
  await eventually("it is in force", strict, (is) => !is);
  const asked = (): boolean =>
    setting.miniStack.wire.sent.some(
      ({ body }) => body.includes('"tern"') && body.includes('"reason":"policy"'),
    );
  await eventually("sweep has the project judged again", asked, (is) => is);
}

const sha256 = (text: string): `sha256:${string}` =>
  `sha256:${createHash("sha256").update(text).digest("hex")}`;

async function recorded(setting: Setting): Promise<void> {
  const { watch, client } = await enrolled(setting, "skua");
  const file = "skua-1.0.0-py3-none-any.whl";
  const lines = ["one", "other"].map((text) => `${sha256(text).slice("sha256:".length)}  ${file}\n`);
  const [first = "", second = ""] = lines;
  const { manifest } = await patient(() => client.record(watch.project, first));
  await patient(() => client.record(watch.project, second));
  await patient(() => client.withdraw(watch.project, file, sha256("other"), "a slip of the pen"));
  await eventually(
    "both are told",
    () => toldOf(setting, file).map((told) => told.split(" ")[2]),
    (verdicts) => ["record-contested", "record-changed"].every((each) => verdicts.includes(each)),
  );
  const kept = await patient(() => client.manifest(watch.project, watch.enrolment, manifest));
  assert.equal(Buffer.from(kept).toString("utf8"), first);
  const { records } = await patient(() => client.records(watch.project, { withdrawn: true }));
  assert.deepEqual(
    records.map(({ digest, withdrawnAt }) => [digest, withdrawnAt === null]).toSorted(),
    [
      [sha256("one"), true],
      [sha256("other"), false],
    ].toSorted(),
  );
}

async function minded(setting: Setting): Promise<void> {
  const { watch, client } = await enrolled(setting, "fulmar");
  await patient(() => client.changePolicy(watch, { strict: true }));
  // What is published from the first look on is no baseline.
  const looked = (): boolean => setting.index.requests.all.some(({ project }) => project === watch.project);
  await eventually("somebody looked at it", looked, (seen) => seen);
  const release = releaseOf(watch.project, "1.0.0");
  publish(setting, release);
  const found = async () =>
    (await patient(() => client.findings(watch.project, "open"))).findings.find(
      ({ verdict }) => verdict === "unrecorded",
    );
  const finding = await eventually("it is found", found, (seen) => seen !== undefined);
  assert.ok(finding);
  const seen = await patient(() => client.acknowledge(watch.project, finding.id, "looking at it"));
  assert.equal(seen.state, "open");
  await patient(() => client.resolve(watch.project, finding.id, "ours, forgotten"));
  await eventually(
    "that it is over is told",
    () => toldOf(setting, release.file),
    (told) => told.includes("findings critical unrecorded resolved"),
  );
  assert.equal(await found(), undefined);
}
