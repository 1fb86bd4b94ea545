import type { WatcherSays } from "./watchers.ts";

const GOOD_FAITH = "malware that was recorded in good faith, or a build taken over before it was hashed";

function aboutSignature({ signature }: WatcherSays): string | null {
  if (signature === null) return "a monitor that lies: the record is not signed, so its word is all there is";
  return signature.trust === "served"
    ? "a monitor that lies about whose keys may sign: pin the developer's with --signers"
    : null;
}

function aboutKey({ authority, signature }: WatcherSays): string {
  if (signature !== null)
    return signature.revokedAt === null
      ? "the signing key in other hands"
      : `the signing key in other hands, which may be why it was revoked at ${signature.revokedAt}`;
  return authority === "ci"
    ? "whoever holds the CI: the record comes from where the file was made"
    : "the maintainer's key in other hands";
}

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
    aboutKey(best),
    ...strangers,
    blind === null ? null : `what happened ${blind}`,
    GOOD_FAITH,
  ].filter((caveat) => caveat !== null);
}
