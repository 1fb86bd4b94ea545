const TIMEOUT_MS = 5_000;

/** Tells whoever watches the watcher that a poll succeeded. Throws when nobody took it. */
export async function beat(url: string): Promise<void> {
  const answer = await fetch(url, { redirect: "error", signal: AbortSignal.timeout(TIMEOUT_MS) });
  await answer.body?.cancel();
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
}
