import * as z from "zod/mini";

/** Text of which something holds. */
export const text = (holds: (text: string) => boolean) => z.string().check(z.refine(holds));

/** What is separated by commas: `-c` gives text, cdk.json may give a list. */
export const list = (holds: (text: string) => boolean) =>
  z.pipe(
    z.transform((given) =>
      typeof given === "string"
        ? given
            .split(",")
            .map((each) => each.trim())
            .filter((each) => each !== "")
        : given,
    ),
    z.array(text(holds)),
  );

/** `-c` gives text for numbers and flags, too. */
export const number = (least: number, most: number, whole = false) =>
  z.pipe(
    z.transform((given) => (typeof given === "string" && given.trim() !== "" ? Number(given) : given)),
    z.number().check(
      z.gte(least),
      z.lte(most),
      z.refine((value: number) => !whole || Number.isInteger(value)),
    ),
  );

/** Only the two words: what is misspelt must not pass for no. */
export const flag = z.pipe(
  z.transform((given) => (given === "true" ? true : given === "false" ? false : given)),
  z.boolean(),
);
