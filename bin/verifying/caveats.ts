import type { WatcherSays } from "./watchers.ts";

const GOOD_FAITH = "malware that the developer released in good faith";

function aboutSignature({ signature }: WatcherSays): string | null {
  if (signature === null) return "a monitor that lies: the record is not signed, so its word is all there is";
  return signature.trust === "served"
    ? "a monitor that lies about whose keys may sign: pin the developer's with --signers"
    : null;
}

const aboutAuthority = ({ authority, signature }: WatcherSays): string | null =>
  authority === "ci" && signature === null
    ? "a build taken over before it was hashed: the record comes from the CI that made the file"
    : null;

/** What an answer would not have caught, strongest first; said with every ok, because none is stronger than what it rests on. */
export function caveatsOf(
  best: WatcherSays,
  watchers: readonly WatcherSays[],
  blind: string | null,
): readonly string[] {
  const strangers = watchers
    .filter(({ selfClaimed, answer }) => selfClaimed && answer === "differs")
    .map(
      ({ enrolment }) =>
        `what a self-claimed watcher (${enrolment}) says, who recorded another digest and whom nobody vouches for`,
    );
  return [
    aboutSignature(best),
    aboutAuthority(best),
    ...strangers,
    blind === null ? null : `what happened ${blind}`,
    GOOD_FAITH,
  ].filter((caveat) => caveat !== null);
}
