import type { Hono } from "hono";
import { type Enrolment, isInForce, type Publisher } from "../domain/enrolments.ts";
import type { Instant } from "../domain/instants.ts";
import { AmendedAnswer, PublisherAddedAnswer } from "../records/answers/enrolments.ts";
import { quoted } from "../records/quoted.ts";
import { amendmentFor } from "./amending.ts";
import { readJson } from "./bodies.ts";
import { amendAndAnswer, publisherAnswer } from "./describing.ts";
import { MOST_HELD, PublisherAsked, parsedBy } from "./enrolling.ts";
import { publisherFor } from "./newcomers.ts";
import { Refused } from "./problems.ts";
import { madeOrWaiting } from "./repeating.ts";
import { type Route, serve } from "./route.ts";
import type { ApiPorts, ApiSettings } from "./seams.ts";
import { demandWatcherOf } from "./watching.ts";

const PUBLISHERS = "/v1/projects/{project}/enrolments/{enrolment}/publishers";

export const ADD_PUBLISHER: Route = {
  method: "POST",
  path: PUBLISHERS,
  id: "add-publisher",
  summary: "Let a CI job record without a secret, with authority `ci`, later",
  who: "watcher",
  body: PublisherAsked,
  answers: { 201: { what: "The job, and from when it counts.", schema: PublisherAddedAnswer } },
  refuses: ["bad-publisher", "too-many"],
};

export const END_PUBLISHER: Route = {
  method: "DELETE",
  path: `${PUBLISHERS}/{publisher}`,
  id: "end-publisher",
  summary: "Believe a CI job no more, at once",
  who: "watcher",
  answers: { 200: { what: "The enrolment without it.", schema: AmendedAnswer } },
  refuses: ["no-such-publisher"],
};

const heldNow = ({ publishers }: Enrolment, now: Instant): Publisher[] =>
  publishers.filter((each) => isInForce(each, now));

/** Asked for and not in force yet. */
const pendingOf = ({ amendments }: Enrolment): Publisher[] =>
  amendments.flatMap(({ ask }) => (ask.kind === "add-publisher" ? [ask.publisher] : []));

/** Pending changes by which a publisher is to come. */
const waitingFor = ({ amendments }: Enrolment, id: string): string[] =>
  amendments.flatMap((each) =>
    each.ask.kind === "add-publisher" && each.ask.publisher.id === id ? [each.id] : [],
  );

const CLAIMS = ["issuer", "repository", "ownerId", "workflow", "ref", "environment"] as const;

const isSame = (one: Publisher, other: Publisher): boolean =>
  CLAIMS.every((claim) => one[claim] === other[claim]);

function demandRoom(enrolment: Enrolment, now: Instant): void {
  if (heldNow(enrolment, now).length + pendingOf(enrolment).length >= MOST_HELD)
    throw new Refused("too-many", `The enrolment has ${MOST_HELD} publishers. End one first.`);
}

export function publisherRoutes(app: Hono, ports: ApiPorts, settings: ApiSettings): void {
  serve(app, ADD_PUBLISHER, async (c) => {
    const asking = await demandWatcherOf(c, ports);
    const wanted = publisherFor(
      parsedBy(PublisherAsked, await readJson(c.req.raw)),
      ports.clock.now(),
      settings,
    );
    let [publisher, waiting]: [Publisher, string[]] = [wanted, []];
    const answer = await amendAndAnswer(asking, ports, (enrolment, now) => {
      const known = [...heldNow(enrolment, now), ...pendingOf(enrolment)].find((each) =>
        isSame(each, wanted),
      );
      publisher = known ?? wanted;
      waiting = waitingFor(enrolment, publisher.id);
      if (known !== undefined) return [];
      demandRoom(enrolment, now);
      const ask = { kind: "add-publisher", publisher: wanted } as const;
      return [amendmentFor(enrolment, ask, { by: asking.by, now }, settings)];
    });
    const changes = madeOrWaiting(answer, waiting);
    return c.json({ publisher: publisherAnswer(publisher), changes } satisfies PublisherAddedAnswer, 201);
  });
  serve(app, END_PUBLISHER, async (c) => {
    const asking = await demandWatcherOf(c, ports);
    const id = c.req.param("publisher") ?? "";
    const answer = await amendAndAnswer(asking, ports, (enrolment, now) => {
      if (![...enrolment.publishers, ...pendingOf(enrolment)].some((each) => each.id === id))
        throw new Refused("no-such-publisher", `The enrolment has no publisher ${quoted(id)}.`);
      const isThere = [...heldNow(enrolment, now), ...pendingOf(enrolment)].some((each) => each.id === id);
      const ask = { kind: "end-publisher", id } as const;
      return isThere ? [amendmentFor(enrolment, ask, { by: asking.by, now }, settings)] : [];
    });
    return c.json(answer satisfies AmendedAnswer);
  });
}
