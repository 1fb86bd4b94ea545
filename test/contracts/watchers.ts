import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { sha256 } from "../../functions/domain/digests.ts";
import type { Credential, Enrolment, Recorded } from "../../functions/domain/enrolments.ts";
import { Conflict } from "../../functions/ports.ts";
import { caseOf, FILE, GENUINE, minute, OTHER, record } from "../domain/perfect.ts";
import { type MakeHost, on } from "./host.ts";

const enrolment = (id: string, project = "lantern"): Enrolment => ({ ...caseOf().enrolment, id, project });

const credential = (id: string, kind: Credential["kind"] = "maintainer"): Credential => ({
  id,
  kind,
  enrolment: kind === "operator" ? null : "developer",
  project: kind === "operator" ? null : "lantern",
  secret: sha256(id),
  createdAt: minute(0),
  expiresAt: null,
  lastUsedAt: null,
});

export function enrolmentsContract(name: string, make: MakeHost): void {
  describe(`${name}: enrolments`, () => {
    it(
      "of a project are several, each with its credentials",
      on(make, async ({ enrolments }) => {
        await enrolments.add(enrolment("developer"), [credential("a"), credential("b", "ci")]);
        await enrolments.add(enrolment("distribution"), []);
        await enrolments.add(enrolment("else", "lamp"), []);
        assert.deepEqual(await enrolments.ofProject("lantern"), [
          enrolment("developer"),
          enrolment("distribution"),
        ]);
        assert.deepEqual(await enrolments.ofProject("nobody"), []);
        assert.deepEqual(await enrolments.credential("b"), credential("b", "ci"));
        assert.equal(await enrolments.credential("c"), null);
        assert.deepEqual(await enrolments.projects(), ["lamp", "lantern"]);
      }),
    );

    it(
      "name their projects ascending, in parts where told so",
      on(make, async ({ enrolments }) => {
        const names = ["a", "b", "b-2", "c", "d", "e", "f", "g", "h", "zz"];
        for (const name of names.toReversed()) await enrolments.add(enrolment(`of-${name}`, name), []);
        await enrolments.add(enrolment("second", "b"), []);
        const parts: (readonly string[])[] = [];
        for (let beyond = ""; parts.at(-1)?.length !== 0; beyond = parts.at(-1)?.at(-1) ?? "")
          parts.push(await enrolments.projects({ beyond, most: 4 }));
        assert.deepEqual(parts, [names.slice(0, 4), names.slice(4, 8), names.slice(8), []]);
        assert.deepEqual(await enrolments.projects(), names);
      }),
    );

    it(
      "are replaced forwards only: an older telling of an enrolment is ignored, and nobody is added",
      on(make, async ({ enrolments }) => {
        await enrolments.add(enrolment("developer"), [credential("a")]);
        const later = { ...enrolment("developer"), watcher: "later", number: 3 };
        await enrolments.put(later);
        await enrolments.put({ ...later, watcher: "the same again" });
        await enrolments.put({ ...later, watcher: "earlier", number: 2 });
        await enrolments.put({ ...enrolment("nobody"), number: 9 });
        assert.deepEqual(await enrolments.ofProject("lantern"), [later]);
        assert.deepEqual(await enrolments.credential("a"), credential("a"));
      }),
    );

    it(
      "replaced by several at once end as the one that tells most",
      on(make, async ({ enrolments }) => {
        await enrolments.add(enrolment("developer"), []);
        const tellings = [4, 2, 5, 3].map((number) => ({ ...enrolment("developer"), number }));
        await Promise.all(tellings.map((telling) => enrolments.put(telling)));
        assert.deepEqual(await enrolments.ofProject("lantern"), [{ ...enrolment("developer"), number: 5 }]);
      }),
    );

    it(
      "keep everything they hold, whatever it says",
      on(make, async ({ enrolments }) => {
        const whole = {
          ...enrolment("developer"),
          watcher: 'näïve "quoted" \u2028 \u{1F600}',
          contacts: [
            {
              id: "c1",
              kind: "webhook",
              address: "https://example.org/hook?a=1&b=%20",
              confirmedAt: minute(2),
              handle: "arn:1",
              addedAt: minute(1),
              endsAt: minute(9),
            },
          ],
          credentials: [{ id: "a", kind: "ci", name: "", addedAt: minute(0), endsAt: null }],
          amendments: [
            {
              id: "x",
              ask: { kind: "policy", policy: { graceMinutes: 60, deadlines: { missingMinutes: 5 } } },
              askedAt: minute(3),
              inForceAt: minute(4),
              by: "a",
            },
          ],
          endedAt: minute(99),
          number: 7,
        } as const;
        await enrolments.add(enrolment("developer"), []);
        await enrolments.put(whole);
        assert.deepEqual(await enrolments.ofProject("lantern"), [whole]);
      }),
    );

    it(
      "redeem an invitation once, and its credential opens nothing more",
      on(make, async ({ enrolments }) => {
        await enrolments.addCredential(credential("invited", "invitation"));
        await enrolments.add(enrolment("developer"), [credential("a")], "invited");
        assert.equal(await enrolments.credential("invited"), null);
        await assert.rejects(enrolments.add(enrolment("thief"), [credential("b")], "invited"), Conflict);
        await assert.rejects(enrolments.add(enrolment("else"), [credential("c")], "nobody's"), Conflict);
        assert.deepEqual(await enrolments.ofProject("lantern"), [enrolment("developer")]);
        assert.deepEqual([await enrolments.credential("b"), await enrolments.credential("c")], [null, null]);
      }),
    );

    it(
      "redeem nothing but an invitation: a key that is in use stays what it is",
      on(make, async ({ enrolments }) => {
        await enrolments.add(enrolment("developer"), [credential("a")]);
        await assert.rejects(enrolments.add(enrolment("thief"), [], "a"), Conflict);
        assert.deepEqual(await enrolments.credential("a"), credential("a"));
      }),
    );

    it(
      "redeemed by several at once are one",
      on(make, async ({ enrolments }) => {
        await enrolments.addCredential(credential("invited", "invitation"));
        const ends = await Promise.allSettled(
          ["one", "two", "three"].map((id) => enrolments.add(enrolment(id), [], "invited")),
        );
        assert.equal(ends.filter(({ status }) => status === "fulfilled").length, 1);
        assert.equal((await enrolments.ofProject("lantern")).length, 1);
      }),
    );

    it(
      "take credentials later, and note their use forwards only",
      on(make, async ({ enrolments }) => {
        await enrolments.add(enrolment("developer"), []);
        await enrolments.addCredential(credential("late"));
        await enrolments.noteUse("late", minute(5));
        await enrolments.noteUse("late", minute(4));
        await enrolments.noteUse("nobody's", minute(4));
        assert.deepEqual(await enrolments.credential("late"), {
          ...credential("late"),
          lastUsedAt: minute(5),
        });
        assert.equal(await enrolments.credential("nobody's"), null);
      }),
    );

    it(
      "with an id that is taken are refused whole: their credentials open nothing",
      on(make, async ({ enrolments }) => {
        await enrolments.add(enrolment("developer"), [credential("a")]);
        const again = enrolments.add(enrolment("developer", "lamp"), [credential("stolen")]);
        await assert.rejects(again, Conflict);
        assert.deepEqual(await enrolments.ofProject("lamp"), []);
        assert.equal(await enrolments.credential("stolen"), null);
      }),
    );

    it(
      "are found among many names, and only they",
      on(make, async ({ enrolments }) => {
        await enrolments.add(enrolment("developer"), []);
        const names = Array.from({ length: 5_000 }, (_, index) => `project-${index}`);
        assert.deepEqual([...(await enrolments.among([...names, "lantern"]))], ["lantern"]);
        assert.deepEqual([...(await enrolments.among(names))], []);
        assert.deepEqual([...(await enrolments.among([]))], []);
      }),
    );

    it(
      "have one operator: the next credential takes the place of the last",
      on(make, async ({ enrolments }) => {
        await enrolments.putOperator(credential("first", "operator"));
        await enrolments.putOperator(credential("second", "operator"));
        assert.equal(await enrolments.credential("first"), null);
        assert.deepEqual(await enrolments.credential("second"), credential("second", "operator"));
      }),
    );
  });
}

const byAuthority = (a: Recorded, b: Recorded): number => (a.authority < b.authority ? -1 : 1);

export function recordsContract(name: string, make: MakeHost): void {
  describe(`${name}: records`, () => {
    it(
      "of the same digest by the same authority are the same record",
      on(make, async ({ records }) => {
        assert.deepEqual(await records.append([record()]), [record()]);
        const again = record({ recordedAt: minute(9), credential: "key-2" });
        assert.deepEqual(await records.append([again]), []);
        assert.deepEqual(await records.ofFile("developer", FILE), [record()]);
      }),
    );

    it(
      "of another digest, or by another authority, are another record, never an overwrite",
      on(make, async ({ records }) => {
        const contested = record({ digest: OTHER, recordedAt: minute(1) });
        const confirmed = record({ authority: "ci", recordedAt: minute(2) });
        await records.append([record()]);
        assert.deepEqual(await records.append([confirmed, contested]), [confirmed, contested]);
        assert.deepEqual(await records.ofFile("developer", FILE), [record(), contested, confirmed]);
      }),
    );

    it(
      "signed by somebody are another record than unsigned ones, and several signers are several records",
      on(make, async ({ records }) => {
        const signed = (...signers: string[]) => record({ signers, recordedAt: minute(signers.length) });
        const all = [record(), signed("SHA256:a"), signed("SHA256:a", "SHA256:b")];
        assert.deepEqual(await records.append(all), all);
        assert.deepEqual(await records.append([signed("SHA256:a")]), []);
        assert.deepEqual(await records.ofFile("developer", FILE), all);
      }),
    );

    it(
      "are withdrawn by digest, whoever made them, and stay as history; the first instant stays",
      on(make, async ({ records }) => {
        const ci = record({ authority: "ci", recordedAt: minute(1) });
        const other = record({ digest: OTHER, recordedAt: minute(2) });
        await records.append([record(), ci, other]);
        const withdrawn = [record(), ci].map((each) => ({ ...each, withdrawnAt: minute(3) }));
        const answered = await records.withdraw("developer", FILE, GENUINE, minute(3));
        assert.deepEqual([...answered].sort(byAuthority), withdrawn.sort(byAuthority));
        await records.withdraw("developer", FILE, GENUINE, minute(4));
        assert.deepEqual(new Set(await records.ofFile("developer", FILE)), new Set([...withdrawn, other]));
        assert.deepEqual(await records.withdraw("developer", "lantern-9.zip", GENUINE, minute(4)), []);
        assert.deepEqual(await records.withdraw("distribution", FILE, OTHER, minute(4)), []);
      }),
    );

    it(
      "withdrawn and recorded again are live again, and new; what was withdrawn counts as a habit still",
      on(make, async ({ records }) => {
        await records.append([record()]);
        await records.withdraw("developer", FILE, GENUINE, minute(1));
        const again = record({ recordedAt: minute(2), credential: "key-2" });
        assert.deepEqual(await records.append([again]), [again]);
        assert.deepEqual(await records.append([again]), []);
        assert.deepEqual(await records.ofFile("developer", FILE), [again]);
        const { maintainerSince } = await records.habits("developer", "9.9");
        assert.equal(maintainerSince, record().recordedAt);
        await records.withdraw("developer", FILE, GENUINE, minute(3));
        assert.deepEqual(await records.ofFile("developer", FILE), [{ ...again, withdrawnAt: minute(3) }]);
      }),
    );

    it(
      "of an enrolment are listed whole, by file, then by time",
      on(make, async ({ records }) => {
        const files = Array.from({ length: 150 }, (_, index) =>
          record({ file: `lantern-${String(index).padStart(3, "0")}.tar.gz`, release: String(index) }),
        );
        const contested = record({
          file: "lantern-000.tar.gz",
          release: "0",
          digest: OTHER,
          recordedAt: minute(1),
        });
        await records.append(files.toReversed());
        await records.append([contested, record({ enrolment: "distribution" })]);
        const [first, ...rest] = files;
        assert.deepEqual(await records.ofEnrolment("developer"), [first, contested, ...rest]);
        assert.deepEqual(await records.ofEnrolment("nobody"), []);
      }),
    );

    it(
      "are kept all or none",
      on(make, async ({ records }) => {
        const broken = record({ file: null as unknown as string });
        await assert.rejects(records.append([record(), broken, record({ digest: OTHER })]));
        assert.deepEqual(await records.ofFile("developer", FILE), []);
      }),
    );

    it(
      "of one enrolment are not another's, and a file's are not another file's",
      on(make, async ({ records }) => {
        await records.append([record({ enrolment: "distribution" }), record({ file: "lantern-1.0.zip" })]);
        assert.deepEqual(await records.ofFile("developer", FILE), []);
      }),
    );

    it(
      "make habits: a maintainer's hand, and other releases than this one however it is spelled",
      on(make, async ({ records }) => {
        const habits = (release: string) => records.habits("developer", release);
        assert.deepEqual(await habits("1.0"), { maintainerSince: null, recordsReleases: false });
        await records.append([record({ authority: "ci", release: "1.0.0" })]);
        assert.deepEqual(await habits("1.0"), { maintainerSince: null, recordsReleases: false });
        assert.deepEqual(await habits("1.1"), { maintainerSince: null, recordsReleases: true });
        const first = record({ digest: GENUINE });
        await records.append([first]);
        assert.deepEqual(await habits("1.0"), {
          maintainerSince: first.recordedAt,
          recordsReleases: false,
        });
        assert.deepEqual(await records.habits("distribution", "1.0"), {
          maintainerSince: null,
          recordsReleases: false,
        });
      }),
    );
  });
}
