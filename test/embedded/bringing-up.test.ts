import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it } from "node:test";
import { enrolments } from "../../functions/embedded/enrolments.ts";
import { Store } from "../../functions/embedded/store.ts";
import { caseOf } from "../domain/perfect.ts";
import { inFolder } from "./folders.ts";

describe("an enrolment in a folder from before anybody could enrol uninvited", () => {
  it(
    "reads as one that was invited",
    inFolder(async (folder) => {
      const store = new Store(join(folder, "store.sqlite"));
      const { selfClaimed: _, vouchedAt: __, ...old } = caseOf().enrolment;
      store.run("INSERT INTO enrolments VALUES (?, ?, ?)", old.id, old.project, JSON.stringify(old));
      const read = await enrolments(store).ofProject(old.project);
      store.close();
      assert.deepEqual(read, [{ ...old, selfClaimed: false, vouchedAt: null }]);
    }),
  );
});
