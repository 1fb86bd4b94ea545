import type { TransactWriteItem } from "@aws-sdk/client-dynamodb";
import type { Credential } from "../domain/enrolments.ts";
import type { Instant } from "../domain/instants.ts";
import { Conflict } from "../ports.ts";
import { bodyOf, type Item } from "./items.ts";
import { named } from "./keys.ts";
import { get, type Table } from "./table.ts";
import { ABSENT, put, putOf, update, updateOf } from "./writes.ts";

export const credentialKey = (id: string) => ({ pk: `credential/${named(id)}`, sk: "credential" });

/** The body stays as it was written; when it was used, and that it was redeemed, stand beside it. */
export const credentialItem = (credential: Credential): Item => ({
  ...credentialKey(credential.id),
  kind: credential.kind,
  body: JSON.stringify(credential),
});

/** `null` also for an invitation that was redeemed: it opens nothing more. */
export async function credential(table: Table, id: string): Promise<Credential | null> {
  const item = await get(table, credentialKey(id));
  if (item === null || item["redeemedBy"] !== undefined) return null;
  const used = item["lastUsedAt"];
  const found = { ...NEVER, ...bodyOf<Credential>(item) };
  return typeof used === "string" ? { ...found, lastUsedAt: used } : found;
}

/** What credentials from before there were such things do not say. */
const NEVER = { expiresAt: null, lastUsedAt: null };

/** Throws `Conflict` when the id is another's. Where the answer was lost on the way, the very same stands there. */
export async function addCredential(table: Table, added: Credential): Promise<void> {
  const item = credentialItem(added);
  const subject = `credential ${added.id}`;
  const { done, item: there } = await put(table, putOf(table, item, subject, ABSENT));
  if (!done && there?.["body"] !== item["body"]) throw new Conflict(subject);
}

export async function noteUse(table: Table, id: string, at: Instant): Promise<void> {
  const later = "attribute_exists(#pk) AND (attribute_not_exists(#lastUsedAt) OR #lastUsedAt < :at)";
  await update(table, updateOf(table, credentialKey(id), "SET #lastUsedAt = :at", { ":at": at }, later));
}

/**
 * Redeems an invitation, on condition that nobody has: a part of the transaction that enrols. It is marked, not removed, so
 * that no function needs the right to remove a credential.
 */
export function redemptionOf(table: Table, invitation: string, enrolment: string): TransactWriteItem {
  const values = { ":by": enrolment, ":invitation": "invitation" };
  const open = "#kind = :invitation AND attribute_not_exists(#redeemedBy)";
  const key = credentialKey(invitation);
  return { Update: updateOf(table, key, "SET #redeemedBy = :by", values, open) };
}
