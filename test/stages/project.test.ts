import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { compare } from "../../functions/compare/compare.ts";
import { fact, type ProjectSighting } from "../../functions/domain/facts.ts";
import { alertId, type Finding } from "../../functions/domain/findings.ts";
import { projectSubject } from "../../functions/domain/ledger.ts";
import { Conflict } from "../../functions/ports.ts";
import { MINUTE, PROJECT, Rig } from "./rig.ts";

const SUBJECT = projectSubject(PROJECT);

/** A look at the project as of now; a second one by another message. */
function sighted(
  rig: Rig,
  state: ProjectSighting["state"],
  more: { readonly asked?: string; readonly baselineOf?: readonly string[] } = {},
): ProjectSighting {
  const serial = rig.shelf.rows.at(-1)?.serial ?? 1000;
  const look = { at: rig.clock.now(), asked: more.asked ?? "a change", epoch: 1, serial, page: null };
  const said = { kind: "project", project: PROJECT, look, state, baselineOf: more.baselineOf ?? [] } as const;
  return fact({ ...said, head: more.baselineOf ? serial : null, reason: null });
}

async function watched(): Promise<Rig> {
  const rig = new Rig();
  rig.shelf.shows([]);
  await rig.watched();
  rig.clock.ms += MINUTE;
  return rig;
}

const told = async (rig: Rig): Promise<string[]> =>
  (await rig.ports.view.findings(PROJECT)).map(({ verdict, state }) => `${verdict} ${state}`).sort();

const findingAlerts = (rig: Rig) => rig.alerts.filter(({ topic }) => topic === "findings");

const kept = (rig: Rig) => rig.ports.ledger.read(SUBJECT);

describe("a look at a project", () => {
  it("is one entry of its history together with what it gives to tell, and is told as such", async () => {
    const rig = await watched();
    const before = (await kept(rig)).length;
    await compare(sighted(rig, "quarantined"), rig.ports);
    const [entry, ...more] = (await kept(rig)).slice(before);
    assert.deepEqual(more, []);
    assert.ok(entry?.body.kind === "sighted");
    assert.deepEqual(
      entry.body.findings?.map(({ verdict }) => verdict),
      ["quarantined"],
    );
    await rig.rest(1);
    assert.deepEqual(
      findingAlerts(rig).map(({ finding }) => [
        finding.verdict,
        finding.severity,
        finding.project,
        finding.file,
      ]),
      [["quarantined", "notice", PROJECT, null]],
    );
    const published = (await kept(rig)).at(-1);
    const [finding] = entry.body.findings ?? [];
    assert.ok(published?.body.kind === "published" && finding !== undefined);
    assert.equal(published.body.alert, alertId(finding));
  });

  it("that says nothing new leaves nothing behind, however often one looks", async () => {
    const rig = await watched();
    await compare(sighted(rig, "archived"), rig.ports);
    const before = (await kept(rig)).length;
    for (let looks = 0; looks < 20; looks += 1) {
      rig.clock.ms += MINUTE;
      await compare(sighted(rig, "archived", { asked: `change ${looks}` }), rig.ports);
      await compare(sighted(rig, "unreadable", { asked: `change ${looks}` }), rig.ports);
    }
    assert.equal((await kept(rig)).length, before);
    assert.deepEqual(await told(rig), ["archived open"]);
  });

  it("has entries judged also where the page could not be read", async () => {
    const rig = await watched();
    rig.shelf.journalled("accepted Owner mallory", PROJECT, null);
    await rig.host.poll();
    await compare(sighted(rig, "unreadable"), rig.ports);
    assert.deepEqual(await told(rig), ["ownership-changed open"]);
    await compare(sighted(rig, "active", { asked: "another" }), rig.ports);
    assert.deepEqual(await told(rig), ["ownership-changed open"]);
  });

  it("told once more makes good what was not published, and publishes nothing twice", async () => {
    const rig = await watched();
    const look = sighted(rig, "quarantined");
    await compare(look, rig.ports);
    rig.store.run("DELETE FROM messages");
    rig.store.run("DELETE FROM findings");
    await compare(look, rig.ports);
    assert.deepEqual(await told(rig), ["quarantined open"]);
    assert.equal(rig.messages<Finding>("alerts").length, 1);
    await rig.rest(1);
    await compare(look, rig.ports);
    assert.equal(rig.messages<Finding>("alerts").length, 0);
    assert.equal(findingAlerts(rig).length, 1);
  });

  it("that loses a race is judged again by what won it", async () => {
    const rig = await watched();
    const winner = sighted(rig, "quarantined", { asked: "the winner" });
    let lost = 0;
    const ledger = {
      ...rig.ports.ledger,
      append: async (...asked: Parameters<typeof rig.ports.ledger.append>) => {
        if (lost++ === 0) await compare(winner, rig.ports);
        return rig.ports.ledger.append(...asked);
      },
    };
    await compare(sighted(rig, "quarantined", { asked: "the loser" }), { ...rig.ports, ledger });
    const looks = (await kept(rig)).flatMap(({ body }) =>
      body.kind === "sighted" ? [body.fact.look.asked] : [],
    );
    assert.equal(lost, 1, "judged again it had nothing to say");
    assert.ok(looks.includes("the winner") && !looks.includes("the loser"));
    assert.deepEqual(await told(rig), ["quarantined open"]);
  });

  it("that is a baseline tells of a quarantine that stood before, to that watcher alone", async () => {
    const rig = await watched();
    await compare(sighted(rig, "quarantined"), rig.ports);
    await rig.enrol("e2");
    rig.clock.ms += MINUTE;
    await compare(sighted(rig, "quarantined", { baselineOf: ["e2"], asked: "enrolment" }), rig.ports);
    const findings = await rig.ports.view.findings(PROJECT);
    assert.deepEqual(findings.map(({ enrolment }) => enrolment).sort(), ["e1", "e2"]);
    const [baseline] = await rig.ports.ledger.read("enrolment/e2/baseline");
    assert.equal(baseline?.body.kind, "baseline");
  });

  it("gives nothing to tell while no baseline says what was there before", async () => {
    const rig = new Rig();
    await rig.host.poll();
    rig.shelf.journalled("invite Owner mallory", PROJECT, null);
    await rig.enrol();
    await compare(sighted(rig, "unreadable", { baselineOf: ["e1"] }), rig.ports);
    assert.deepEqual(await told(rig), []);
    assert.equal((await kept(rig)).length, 1);
  });

  it("with more to tell than one entry takes tells it in several, and all of it once, also after a crash", async () => {
    const rig = await watched();
    const before = (await kept(rig)).length;
    for (let time = 0; time < 100; time += 1)
      rig.shelf.journalled(`${time % 2 === 0 ? "invite" : "revoke_invite"} Owner mallory`, PROJECT, null);
    await rig.host.poll();
    const look = sighted(rig, "active");
    let appends = 0;
    const ledger = {
      ...rig.ports.ledger,
      append: async (...asked: Parameters<typeof rig.ports.ledger.append>) => {
        appends += 1;
        if (appends === 2) throw new Error("the process ends");
        return rig.ports.ledger.append(...asked);
      },
    };
    await assert.rejects(compare(look, { ...rig.ports, ledger }), /the process ends/);
    await compare(look, rig.ports);
    const sizes = (await kept(rig))
      .slice(before)
      .flatMap(({ body }) => (body.kind === "sighted" ? [body.findings?.length] : []));
    assert.deepEqual(sizes, [40, 40, 20]);
    assert.equal((await told(rig)).length, 100);
    await rig.rest(1);
    assert.equal(new Set(findingAlerts(rig).map(({ id }) => id)).size, 100);
    assert.equal(findingAlerts(rig).length, 100);
  });

  it("throws what is no lost race", async () => {
    const rig = await watched();
    const broken = {
      ...rig.ports.ledger,
      append: async () => {
        throw new Error("the disk is full");
      },
    };
    const failing = compare(sighted(rig, "archived"), { ...rig.ports, ledger: broken });
    await assert.rejects(failing, (error) => !(error instanceof Conflict));
  });
});
