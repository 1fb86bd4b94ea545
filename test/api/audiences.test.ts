import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { refusalsOf } from "../../functions/api/implied.ts";
import { ROUTES } from "../../functions/api/routes.ts";
import { type Digest, sha256 } from "../../functions/domain/digests.ts";
import type { EvidenceItem } from "../../functions/domain/evidence.ts";
import { artifactSubject } from "../../functions/domain/ledger.ts";
import { finding, row } from "./rows.ts";
import { watcher } from "./watchers.ts";
import { A, B, openWorld, SDIST, type World } from "./world.ts";

const SECRET = "six-1.18.0.tar.gz";
/** What only the watcher and the operator may read. */
const PRIVATE = "told-in-confidence";
const PUBLIC_MANIFEST = `${A}  ${SDIST}\n`;
const SECRET_MANIFEST = `${A}  ${SDIST}\n${B}  ${SECRET}\n`;

type Audience = "nobody" | "stranger" | "ci" | "maintainer" | "operator";
const AUDIENCES: readonly Audience[] = ["nobody", "stranger", "ci", "maintainer", "operator"];

interface Scene {
  readonly world: World;
  readonly keys: Readonly<Record<Audience, string | null>>;
  /** Credentials' ids of the watcher whose things these are. */
  readonly ids: readonly string[];
}

/** A watcher with a file that the index shows and one that it does not, findings about both, and words said of them. */
async function scene(): Promise<Scene> {
  const world = await openWorld();
  const [own, other] = [await watcher(world), await watcher(world)];
  const ids = own.enrolment.credentials.map(({ id }) => id);
  const post = (path: string, body: string, key: string) =>
    world.app.request(`/v1/projects/six${path}`, {
      method: "POST",
      headers: { Authorization: `Bearer ${key}` },
      body,
    });
  for (const body of [PUBLIC_MANIFEST, SECRET_MANIFEST])
    assert.ok((await post("/records", body, own.maintainer)).ok);
  await world.ports.view.put([
    row({ enrolment: own.id }),
    row({ enrolment: other.id }),
    row({
      enrolment: own.id,
      file: SECRET,
      everListed: false,
      listed: false,
      standing: "expected",
      verdict: null,
    }),
  ]);
  const word = { at: world.kept.now, by: ids[0] ?? "", note: PRIVATE };
  const recorded = { digest: `sha256:${A}`, authority: "maintainer", recordedAt: world.kept.now } as const;
  const grounds = { ...finding().grounds, recorded: [recorded] };
  const told = [
    finding({ id: "shown", enrolment: own.id, acknowledged: word, to: [PRIVATE], grounds }),
    finding({ id: "hidden", enrolment: own.id, file: SECRET, acknowledged: word }),
  ];
  for (const each of told) {
    const subject = artifactSubject("six", each.file ?? "");
    const { number } = await world.ports.ledger.append(subject, null, { kind: "told", finding: each });
    await world.ports.view.putFindings([each], number);
  }
  world.kept.evidence.push(kept(SDIST, EVIDENCE), kept(SECRET, SECRET_EVIDENCE));
  for (const { digest } of world.kept.evidence) world.kept.bodies.set(digest, Buffer.from(PRIVATE));
  const { maintainer, ci } = own;
  return {
    world,
    ids,
    keys: { nobody: null, stranger: other.maintainer, ci, maintainer, operator: world.operator },
  };
}

const [EVIDENCE, SECRET_EVIDENCE] = [sha256("shown"), sha256("hidden")];

const kept = (file: string, digest: Digest): EvidenceItem => ({
  project: "six",
  file,
  digest,
  at: "2026-11-22T11:30:00.000Z",
  sizeBytes: PRIVATE.length,
  whole: true,
  keptFor: null,
  refused: null,
});

interface Row {
  readonly path: string;
  readonly body?: string;
  /** The status for each audience, in the order above; `+` where the answer tells of the secret file or of who did what. */
  readonly answers: readonly [string, string, string, string, string];
}

const FINDING = "/findings/hidden";

/** One row for each route and each thing that may be hidden on it. */
const TABLE: Readonly<Record<string, readonly Row[]>> = {
  record: [
    {
      path: "/records",
      body: `${A}  six-1.19.0.tar.gz\n`,
      // A stranger's key is of another enrolment: what they record is theirs. Each reads in the receipt by which key it came.
      answers: ["401", "201", "201+", "201+", "403"],
    },
  ],
  records: [
    { path: "/records", answers: ["200", "200", "200", "200+", "200+"] },
    { path: `/records?file=${SECRET}`, answers: ["200", "200", "200", "200+", "200+"] },
  ],
  withdraw: [
    {
      path: "/records/withdraw",
      body: JSON.stringify({ file: SECRET, digest: B }),
      answers: ["401", "404", "403", "200+", "403"],
    },
  ],
  manifest: [
    { path: `/manifests/${sha256(PUBLIC_MANIFEST)}`, answers: ["200", "200", "200", "200", "200"] },
    { path: `/manifests/${sha256(SECRET_MANIFEST)}`, answers: ["404", "404", "404", "200+", "200+"] },
  ],
  signature: [
    { path: `/manifests/${sha256(SECRET_MANIFEST)}/signature`, answers: ["404", "404", "404", "404", "404"] },
  ],
  artifacts: [
    { path: "/artifacts", answers: ["200", "200", "200", "200+", "200+"] },
    { path: `/artifacts?file=${SECRET}`, answers: ["200", "200", "200", "200+", "200+"] },
  ],
  findings: [{ path: "/findings", answers: ["200", "200", "200", "200+", "200+"] }],
  finding: [
    { path: "/findings/shown", answers: ["200", "200", "200", "200+", "200+"] },
    { path: FINDING, answers: ["404", "404", "404", "200+", "200+"] },
  ],
  explanation: [
    { path: "/findings/shown/explanation", answers: ["200", "200", "200", "200+", "200+"] },
    { path: `${FINDING}/explanation`, answers: ["404", "404", "404", "200+", "200+"] },
  ],
  acknowledge: [
    { path: `${FINDING}/acknowledge`, body: "{}", answers: ["401", "404", "403", "200+", "200+"] },
    { path: "/findings/shown/acknowledge", body: "{}", answers: ["401", "403", "403", "200+", "200+"] },
  ],
  resolve: [
    { path: `${FINDING}/resolve`, body: '{"note":"n"}', answers: ["401", "404", "403", "200+", "200+"] },
    { path: "/findings/shown/resolve", body: '{"note":"n"}', answers: ["401", "403", "403", "200+", "200+"] },
  ],
  "finding-history": [
    { path: `${FINDING}/history`, answers: ["401", "404", "403", "200+", "200+"] },
    { path: "/findings/shown/history", answers: ["401", "404", "403", "200+", "200+"] },
  ],
  evidence: [
    { path: `${FINDING}/evidence`, answers: ["401", "404", "403", "200+", "200+"] },
    { path: "/findings/shown/evidence", answers: ["401", "404", "403", "200+", "200+"] },
  ],
  "evidence-bytes": [
    { path: `${FINDING}/evidence/${SECRET_EVIDENCE}`, answers: ["401", "404", "403", "200+", "200+"] },
    { path: `/findings/shown/evidence/${EVIDENCE}`, answers: ["401", "404", "403", "200+", "200+"] },
    { path: `/findings/shown/evidence/${SECRET_EVIDENCE}`, answers: ["401", "404", "403", "404", "404"] },
  ],
  "finding-ledger": [
    { path: `${FINDING}/ledger`, answers: ["401", "404", "403", "200+", "200+"] },
    { path: "/findings/shown/ledger", answers: ["401", "404", "403", "200+", "200+"] },
  ],
  verify: [
    { path: "/verify", body: `${A}  six-1.18.0.tar.gz\n`, answers: ["200", "200", "200", "200+", "200+"] },
  ],
  health: [{ path: "", answers: ["503", "503", "503", "503", "503"] }],
};

const OURS = /\/(records|manifests|artifacts|findings|verify|health)(\/|$)/;
const routes = ROUTES.filter(({ path }) => OURS.test(path));

/** The status, and `+` where the answer tells what only the watcher may know. */
async function outcome(of: Scene, id: string, { path, body }: Row, audience: Audience): Promise<string> {
  const route = routes.find((each) => each.id === id);
  assert.ok(route);
  const key = of.keys[audience];
  const answer = await of.world.app.request(id === "health" ? "/v1/health" : `/v1/projects/six${path}`, {
    method: route.method,
    headers: { Accept: "application/json", ...(key === null ? {} : { Authorization: `Bearer ${key}` }) },
    ...(body === undefined ? {} : { body }),
  });
  const text = await answer.text();
  const schema = route.answers[answer.status]?.schema ?? null;
  // Nothing is answered that the document does not name.
  if (schema !== null) assert.deepEqual(schema.parse(JSON.parse(text)), JSON.parse(text));
  else if (!answer.ok)
    assert.ok(
      refusalsOf(route).some((code) => text.includes(`"code":"${code}"`)),
      text,
    );
  // What was in the question tells nobody anything when it comes back.
  const echoed = id === "verify" ? [SECRET] : answer.ok ? [] : [SECRET, B];
  const said = echoed.reduce((rest, each) => rest.replaceAll(each, ""), text);
  const tells = [SECRET, PRIVATE, B, ...of.ids].some((each) => said.includes(each));
  return `${answer.status}${tells ? "+" : ""}`;
}

suite("who may ask what, and is told what", () => {
  test("every route of records and findings has its row", () => {
    assert.ok(routes.length >= 12, `saw only ${routes.length} routes`);
    assert.deepEqual(Object.keys(TABLE).sort(), routes.map(({ id }) => id).sort());
  });

  for (const [id, rows] of Object.entries(TABLE))
    for (const each of rows)
      for (const [index, audience] of AUDIENCES.entries())
        test(`${id} ${each.path.replaceAll(/sha256:(....)\w+/g, "$1…")} by ${audience}: ${each.answers[index]}`, async () => {
          assert.equal(await outcome(await scene(), id, each, audience), each.answers[index]);
        });
});
