/** One XML-RPC value while it is read: a scalar carries `text`, an array or struct `items` (a struct's carry their `name`). */
export interface Value {
  readonly name: string;
  /** The tag: `string` also for bare text, `nil`, `int`, `array`, … */
  type: string;
  text: string;
  items: Value[];
}

/** The items of whatever has none. */
export const NOTHING: Value[] = [];

const INTEGER = /^(int|i1|i2|i4|i8|ex:i8|ex:i1|ex:i2)$/;
const NIL = /^(ex:)?nil$/;

export const isNil = (value: Value): boolean => NIL.test(value.type);

/** A whole number that JavaScript holds exactly, from any integer type; else `null`. */
export function integer(value: Value | undefined): number | null {
  if (value === undefined || !INTEGER.test(value.type)) return null;
  const text = value.text.trim();
  const number = /^[+-]?\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(number) ? number : null;
}

/** A struct's members by name. */
export const fields = (value: Value): ReadonlyMap<string, Value> =>
  new Map(value.items.map((item) => [item.name, item]));
