/** A page of ninety thousand files holds a third of this. */
const MOST_CONTAINERS = 1_000_000;
const BRACE = "{".charCodeAt(0);
const BRACKET = "[".charCodeAt(0);

/**
 * What a stranger's JSON says. Throws for what is none, and before it is parsed for what holds so many objects and arrays, beside
 * or within each other, that parsing them takes the memory of the whole process: measured, forty bytes for each byte.
 */
export function foreignJson(body: Uint8Array): unknown {
  if (body.length > MOST_CONTAINERS && containersIn(body) > MOST_CONTAINERS)
    throw new Error(`it holds over ${MOST_CONTAINERS} objects and arrays`);
  return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
}

/** At least as many as there are: texts may hold such characters, too. */
function containersIn(body: Uint8Array): number {
  let count = 0;
  for (const byte of body) if (byte === BRACE || byte === BRACKET) count += 1;
  return count;
}
