import type { Credential } from "../domain/enrolments.ts";
import { Conflict } from "../ports.ts";
import { credentialItem, credentialKey } from "./credentials.ts";
import { get, type Table } from "./table.ts";
import { ABSENT, deleteOf, putOf, transact } from "./writes.ts";

const OPERATOR = { pk: "operator", sk: "operator" };

/**
 * There is one operator: the last one's credential goes in the transaction that brings the next. Throws `Conflict` when
 * somebody else put another one meanwhile.
 */
export async function putOperator(table: Table, credential: Credential): Promise<void> {
  const last = (await get(table, OPERATOR))?.["credential"];
  const { id } = credential;
  const subject = "the operator's credential";
  const unchanged = last === undefined ? ABSENT : { when: "#credential = :last", with: { ":last": last } };
  const writes = [
    { Put: putOf(table, { ...OPERATOR, credential: id }, subject, unchanged) },
    { Put: putOf(table, credentialItem(credential), subject) },
    ...(last === undefined || last === id ? [] : [{ Delete: deleteOf(table, credentialKey(String(last))) }]),
  ];
  if ((await transact(table, writes)).size > 0) throw new Conflict(subject);
}
