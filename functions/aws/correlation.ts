import { AsyncLocalStorage } from "node:async_hooks";
import type { MessageAttributeValue } from "@aws-sdk/client-sqs";
import * as z from "zod/mini";

/** What a chain of messages has in common, from the change that began it to the alert that ends it. */
export interface Correlation {
  /** The journal serial behind it; `null` when something else asked for the look. */
  readonly serial: number | null;
  /** The id of the chain's first message. */
  readonly origin: string | null;
}

/** A correlation, and the artifact that is in hand: on every log line. */
export interface InHand extends Correlation {
  readonly project: string | null;
  readonly file: string | null;
}

const current = new AsyncLocalStorage<InHand>();

/** Runs with everything that is logged or sent on its behalf bearing this correlation. */
export const inHand = <T>(of: InHand, run: () => Promise<T>): Promise<T> => current.run(of, run);

/** What is in hand where this is called; `null` where a chain may begin. */
export const whatIsInHand = (): InHand | null => current.getStore() ?? null;

const MESSAGE = z.object({
  id: z.catch(z.nullable(z.string()), null),
  serial: z.catch(z.nullable(z.int()), null),
  project: z.catch(z.nullable(z.string()), null),
  file: z.catch(z.nullable(z.string()), null),
});
const NOBODY = { id: null, serial: null, project: null, file: null };

/** What a message says about itself, as far as it says it: a log line about a message that no stage sent has these too. */
export function aboutMessage(body: unknown): InHand {
  const { id, ...said } = MESSAGE.safeParse(body).data ?? NOBODY;
  return { ...said, origin: id };
}

type Attributes = Record<string, MessageAttributeValue>;

/** How a correlation travels: as the attributes of a message. */
export function attributesOf({ serial, origin }: Correlation): Attributes {
  return {
    ...(serial !== null && { serial: { DataType: "Number", StringValue: String(serial) } }),
    ...(origin !== null && { origin: { DataType: "String", StringValue: origin } }),
  };
}

const TEXT = z.optional(z.object({ stringValue: z.string() }));
const ATTRIBUTES = z.object({ serial: TEXT, origin: TEXT });

/** The correlation that a received message bears, or `null` when it bears none. */
export function correlationIn(attributes: unknown): Correlation | null {
  const { serial, origin } = ATTRIBUTES.safeParse(attributes).data ?? {};
  if (origin === undefined) return null;
  return { serial: serial === undefined ? null : Number(serial.stringValue), origin: origin.stringValue };
}
