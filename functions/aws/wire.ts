/**
 * What SQS and SNS refuse besides the control characters and lone surrogates that JSON escapes anyway. File names come
 * from strangers: one that could never be queued would come back for ever.
 * Source: SQS API reference, SendMessage, "Unicode characters allowed".
 */
const REFUSED = /[\uFFFE\uFFFF]/g;

const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16)}`;

/** JSON in characters that SQS and SNS take. Parsed, it is the same value. */
export const wireJson = (value: unknown): string => JSON.stringify(value).replace(REFUSED, escaped);
