import assert from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, it } from "node:test";
import { enrolments } from "../../functions/embedded/enrolments.ts";
import { records } from "../../functions/embedded/records.ts";
import { Store } from "../../functions/embedded/store.ts";
import { caseOf, FILE, minute, record } from "../domain/perfect.ts";
import { inFolder } from "./folders.ts";

/** What a folder was before records had signers, as far as it differs. */
const BEFORE = `
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE records (
  enrolment TEXT NOT NULL, file TEXT NOT NULL, digest TEXT NOT NULL, authority TEXT NOT NULL,
  release TEXT, recorded_at TEXT NOT NULL, body TEXT NOT NULL,
  PRIMARY KEY (enrolment, file, digest, authority)
) STRICT, WITHOUT ROWID;
CREATE INDEX records_by_release ON records (enrolment, release);
CREATE INDEX records_by_authority ON records (enrolment, authority, recorded_at);
`;

describe("a folder from before an enrolment held anything but a policy", () => {
  it(
    "has enrolments that were invited and hold nothing yet",
    inFolder(async (folder) => {
      const store = new Store(join(folder, "store.sqlite"));
      const { id, project, policy, enrolledAt } = caseOf().enrolment;
      const old = JSON.stringify({ id, project, policy, enrolledAt });
      store.run("INSERT INTO enrolments VALUES (?, ?, ?)", id, project, old);
      const read = await enrolments(store).ofProject(project);
      store.close();
      assert.deepEqual(read, [caseOf().enrolment]);
    }),
  );

  it(
    "keeps its records, and its habits",
    inFolder(async (folder) => {
      const path = join(folder, "store.sqlite");
      const { manifest: _, signers: __, withdrawnAt: ___, ...old } = record();
      const before = new DatabaseSync(path);
      before.exec(BEFORE);
      before
        .prepare("INSERT INTO records VALUES (?, ?, ?, ?, ?, ?, ?)")
        .run(old.enrolment, FILE, old.digest, old.authority, "1", old.recordedAt, JSON.stringify(old));
      before.close();
      for (const time of ["brought up", "opened again"]) {
        const store = new Store(path);
        assert.deepEqual(await records(store).ofFile("developer", FILE), [record()], time);
        assert.deepEqual(await records(store).append([record({ recordedAt: minute(9) })]), [], time);
        const { maintainerSince } = await records(store).habits("developer", null);
        assert.equal(maintainerSince, record().recordedAt, time);
        store.close();
      }
    }),
  );

  it(
    "of a later version is refused, not misread",
    inFolder(async (folder) => {
      const path = join(folder, "store.sqlite");
      new Store(path).close();
      const later = new DatabaseSync(path);
      later.exec("PRAGMA user_version = 99");
      later.close();
      assert.throws(() => new Store(path), /later version/);
    }),
  );
});
