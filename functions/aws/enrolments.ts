import type { TransactWriteItem } from "@aws-sdk/client-dynamodb";
import type { Credential, Enrolment } from "../domain/enrolments.ts";
import { Conflict, type Enrolments } from "../ports.ts";
import { getMany } from "./batches.ts";
import { bodyOf, type Item } from "./items.ts";
import { named, shardOf, shardsOf } from "./keys.ts";
import { credentialKey, putOperator } from "./operator.ts";
import { get, items, type Table } from "./table.ts";
import { putOf, transact, update, updateOf } from "./writes.ts";

export const PROJECTS_COUNT = { pk: "count", sk: "count" };

const ABSENT = { when: "attribute_not_exists(#pk)" };
const PROJECTS = "projects";

const projectKey = (project: string) => ({ pk: shardOf(PROJECTS, project), sk: project });
const enrolmentKey = (project: string, id: string) => ({
  pk: `project/${project}`,
  sk: `enrolment/${named(id)}`,
});
const takenKey = (id: string) => ({ pk: `enrolment/${named(id)}`, sk: "enrolment" });

/** Enrolments under their project, which is listed in one of a few partitions: nothing here needs an index that lags. */
export function enrolments(table: Table): Enrolments {
  return {
    add: (enrolment, credentials) => add(table, enrolment, credentials),
    ofProject: async (project) =>
      (await items(table, { pk: `project/${project}`, prefix: "enrolment/" })).map(enrolmentOf),
    among: async (names) => {
      const found = await getMany(table, [...new Set(names)].map(projectKey));
      return new Set(found.map(({ sk }) => String(sk)));
    },
    credential: async (id) => {
      const item = await get(table, credentialKey(id));
      return item && bodyOf<Credential>(item);
    },
    putOperator: (credential) => putOperator(table, credential),
    projects: async () => {
      const shards = shardsOf(PROJECTS).map((pk) => items(table, { pk, only: ["sk"] }));
      return (await Promise.all(shards)).flatMap((shard) => shard.map(({ sk }) => String(sk))).sort();
    },
    vouch: async (project, id, at) => {
      const first = "SET #vouchedAt = if_not_exists(#vouchedAt, :at)";
      const write = updateOf(table, enrolmentKey(project, id), first, { ":at": at }, "attribute_exists(#pk)");
      const vouched = await update(table, write);
      return vouched.done && vouched.item !== null ? enrolmentOf(vouched.item) : null;
    },
  };
}

/** The enrolment stays as it was written; that somebody vouched for it later stands beside it. */
function enrolmentOf(item: Item): Enrolment {
  const enrolment = bodyOf<Enrolment>(item);
  const vouchedAt = item["vouchedAt"];
  return typeof vouchedAt === "string" ? { ...enrolment, vouchedAt } : enrolment;
}

/** All in one transaction; the first enrolment of a project lists and counts it too. */
async function add(table: Table, enrolment: Enrolment, credentials: readonly Credential[]): Promise<void> {
  const { id, project, vouchedAt } = enrolment;
  const subject = `enrolment ${id}`;
  const absent = (item: Item): TransactWriteItem => ({ Put: putOf(table, item, subject, ABSENT) });
  const body = JSON.stringify(enrolment);
  const own = [
    absent({ ...takenKey(id), project }),
    absent({ ...enrolmentKey(project, id), body, ...(vouchedAt !== null && { vouchedAt }) }),
    ...credentials.map((each) => absent({ ...credentialKey(each.id), body: JSON.stringify(each) })),
  ];
  const listed = [
    absent(projectKey(project)),
    { Update: updateOf(table, PROJECTS_COUNT, "ADD #projects :one", { ":one": 1 }) },
  ];
  const failed = await transact(table, [...listed, ...own]);
  if (failed.size === 0) return;
  const isListed = failed.size === 1 && failed.has(0);
  if (!isListed || (await transact(table, own)).size > 0) throw new Conflict(subject);
}
