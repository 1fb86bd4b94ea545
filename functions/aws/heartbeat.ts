const TIMEOUT_MS = 5_000;

/** Tells whoever watches the watcher that a poll succeeded. Throws when nobody took it, naming the origin only: the rest of such a URL is its secret. */
export async function beat(url: string): Promise<void> {
  const { origin } = new URL(url);
  const answer = await asked(url, origin);
  await answer.body?.cancel();
  if (!answer.ok) throw new Error(`${origin} answered ${answer.status}`);
}

async function asked(url: string, origin: string): Promise<Response> {
  try {
    return await fetch(url, { redirect: "error", signal: AbortSignal.timeout(TIMEOUT_MS) });
  } catch (error) {
    // Neither fetch's words nor its cause: some name the URL.
    throw new Error(`${origin} did not take it (${kindOf(error)})`);
  }
}

function kindOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  const { cause, name } = error;
  return cause instanceof Error && "code" in cause ? String(cause.code) : name;
}
