import type { Credential } from "../domain/enrolments.ts";
import { Conflict } from "../ports.ts";
import { named } from "./keys.ts";
import { get, type Table } from "./table.ts";
import { deleteOf, putOf, transact } from "./writes.ts";

const OPERATOR = { pk: "operator", sk: "operator" };

export const credentialKey = (id: string) => ({ pk: `credential/${named(id)}`, sk: "credential" });

/**
 * There is one operator: the last one's credential goes in the transaction that brings the next. Throws `Conflict` when
 * somebody else put another one meanwhile.
 */
export async function putOperator(table: Table, credential: Credential): Promise<void> {
  const last = (await get(table, OPERATOR))?.["credential"];
  const { id } = credential;
  const subject = "the operator's credential";
  const unchanged =
    last === undefined
      ? { when: "attribute_not_exists(#pk)" }
      : { when: "#credential = :last", with: { ":last": last } };
  const item = { ...credentialKey(id), body: JSON.stringify(credential) };
  const writes = [
    { Put: putOf(table, { ...OPERATOR, credential: id }, subject, unchanged) },
    { Put: putOf(table, item, subject) },
    ...(last === undefined || last === id ? [] : [{ Delete: deleteOf(table, credentialKey(String(last))) }]),
  ];
  if ((await transact(table, writes)).size > 0) throw new Conflict(subject);
}
