import type { TransactWriteItem } from "@aws-sdk/client-dynamodb";
import { type Credential, type Enrolment, newEnrolment } from "../domain/enrolments.ts";
import { Conflict, type Enrolments, type Part } from "../ports.ts";
import { getMany } from "./batches.ts";
import { addCredential, credential, credentialItem, noteUse, redemptionOf } from "./credentials.ts";
import { bodyOf, type Item } from "./items.ts";
import { named, shardOf, shardsOf } from "./keys.ts";
import { putOperator } from "./operator.ts";
import { items, type Table } from "./table.ts";
import { ABSENT, putOf, transact, update, updateOf } from "./writes.ts";

export const PROJECTS_COUNT = { pk: "count", sk: "count" };

const PROJECTS = "projects";

const projectKey = (project: string) => ({ pk: shardOf(PROJECTS, project), sk: project });
const enrolmentKey = ({ project, id }: Pick<Enrolment, "project" | "id">) => ({
  pk: `project/${project}`,
  sk: `enrolment/${named(id)}`,
});
const takenKey = (id: string) => ({ pk: `enrolment/${named(id)}`, sk: "enrolment" });

/** Enrolments under their project, which is listed in one of a few partitions: nothing here needs an index that lags. */
export function enrolments(table: Table): Enrolments {
  return {
    add: (enrolment, credentials, redeems = null) => add(table, enrolment, credentials, redeems),
    put: async (enrolment) => {
      const values = { ":body": JSON.stringify(enrolment), ":number": enrolment.number };
      const write = updateOf(table, enrolmentKey(enrolment), REPLACED, values, FORWARDS);
      await update(table, write);
    },
    ofProject: async (project) =>
      (await items(table, { pk: `project/${project}`, prefix: "enrolment/" })).map(enrolmentOf),
    among: async (names) => {
      const found = await getMany(table, [...new Set(names)].map(projectKey));
      return new Set(found.map(({ sk }) => String(sk)));
    },
    credential: (id) => credential(table, id),
    addCredential: (added) => addCredential(table, added),
    noteUse: (id, at) => noteUse(table, id, at),
    putOperator: (operator) => putOperator(table, operator),
    projects: async ({ beyond, most } = WHOLE) => {
      const asked = { only: ["sk"], beyond, limit: most };
      const shards = shardsOf(PROJECTS).map((pk) => items(table, { pk, ...asked }));
      const names = (await Promise.all(shards)).flatMap((shard) => shard.map(({ sk }) => String(sk)));
      return names.sort().slice(0, most);
    },
  };
}

const WHOLE: Part = { beyond: "", most: Number.POSITIVE_INFINITY };
const REPLACED = "SET #body = :body, #number = :number";
/** Enrolments from before they were replaced have no number beside the body: they tell of the first entry only. */
const FORWARDS = "attribute_exists(#pk) AND (attribute_not_exists(#number) OR #number < :number)";

/** Enrolments from before they held anything but a policy say nothing of the rest; whether vouched for stood beside the body. */
function enrolmentOf(item: Item): Enrolment {
  const enrolment = newEnrolment(bodyOf<Enrolment>(item));
  const vouchedAt = item["vouchedAt"];
  return enrolment.vouchedAt === null && typeof vouchedAt === "string"
    ? { ...enrolment, vouchedAt }
    : enrolment;
}

/** All in one transaction; the first enrolment of a project lists and counts it too. */
async function add(
  table: Table,
  enrolment: Enrolment,
  credentials: readonly Credential[],
  redeems: string | null,
): Promise<void> {
  const { id, project, number } = enrolment;
  const subject = `enrolment ${id}`;
  const absent = (item: Item): TransactWriteItem => ({ Put: putOf(table, item, subject, ABSENT) });
  const own = [
    absent({ ...takenKey(id), project }),
    absent({ ...enrolmentKey(enrolment), body: JSON.stringify(enrolment), number }),
    ...credentials.map((each) => absent(credentialItem(each))),
    ...(redeems === null ? [] : [redemptionOf(table, redeems, id)]),
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
