/** Contacts added, asked and ended through the API. */
import assert from "node:assert/strict";
import type { ContactAddedAnswer } from "../../functions/records/answers/enrolments.ts";
import { done, pathOf, standing } from "./changing.ts";
import { type Keys, MONITOR_URL, type World } from "./world.ts";

export const HOOK = { kind: "webhook", address: "https://hooks.example/six" };
export const MAIL = { kind: "email", address: "security@six.example" };

export const contactsPath = (own: Keys): string => `${pathOf(own)}/contacts`;

export const add = (world: World, own: Keys, json: object = HOOK): Promise<ContactAddedAnswer> =>
  done<ContactAddedAnswer>(world, "POST", contactsPath(own), { key: own.maintainer, json });

export const end = (world: World, own: Keys, id: string) =>
  done(world, "DELETE", `${contactsPath(own)}/${id}`, { key: own.maintainer });

/** The path of a link that was sent. */
export const linkOf = (world: World, nth = -1): string => {
  const url = world.kept.asked.at(nth)?.url ?? "";
  assert.ok(url.startsWith(`${MONITOR_URL}/v1/confirmations/`));
  return new URL(url).pathname;
};

/** Addresses that would be told at this instant. */
export const inForce = (world: World, own: Keys): string[] =>
  standing(world, own).contacts.flatMap(({ address, endsAt }) => (endsAt === null ? [address] : []));
