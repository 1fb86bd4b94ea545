import { SaxesParser } from "saxes";
import { garbled } from "./answers.ts";
import { type AnswerParts, valueStack } from "./stack.ts";

/** Reads one XML-RPC answer piece by piece, cut anywhere. */
export interface AnswerReader {
  /** Throws `IndexUnavailable` (`garbled`) for what is no XML or no XML-RPC. */
  write(text: string): void;
  /** Throws when the answer is not complete. */
  end(): void;
}

/** XML errors that spoil a character, not the answer: it is replaced, the row is kept, nobody can hide a page behind it. */
const SPOILT = new Set(["disallowed character.", "malformed character entity.", "undefined entity."]);
const MOST_ATTRIBUTES = 16;
/** No name, version or action is a thousandth of this. What is between two tags is held, many times over where it is references. */
const MOST_BETWEEN_CHARACTERS = 1024 ** 2;

/** Holds one row at a time, whatever the answer's length. XML entities are never expanded. */
export function answerReader(parts: AnswerParts): AnswerReader {
  const parser = new SaxesParser({ position: false });
  const stack = valueStack(parts);
  let text = "";
  let spoilt = false;
  let attributes = 0;
  let since = 0;
  const more = (piece: string) => {
    text += piece;
  };
  const clear = () => {
    text = "";
    spoilt = false;
    since = 0;
  };
  parser.on("opentag", (tag) => {
    clear();
    stack.begin(tag.name);
  });
  parser.on("closetag", (tag) => {
    stack.finish(tag.name, spoilt ? replaceSpoilt(text) : text);
    clear();
  });
  parser.on("text", more);
  parser.on("cdata", more);
  parser.on("attribute", () => {
    if (++attributes > MOST_ATTRIBUTES) throw garbled("the answer is full of attributes");
  });
  parser.on("error", (error) => {
    if (!SPOILT.has(error.message)) throw garbled(`the answer is no XML: ${error.message}`);
    spoilt = true;
  });
  return {
    write(piece) {
      since += piece.length;
      parser.write(piece);
      if (since > MOST_BETWEEN_CHARACTERS) throw garbled("the answer is one endless text");
    },
    end() {
      parser.close();
      if (!stack.done()) throw garbled("the answer holds no value");
    },
  };
}

const ILLEGAL = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;
const REFERENCE = /&#(?:x([0-9a-f]+)|([0-9]+));/gi;
const REPLACED = "\u{fffd}";

/** Puts U+FFFD for characters that XML does not allow, and for references to such. */
function replaceSpoilt(text: string): string {
  const dereferenced = text.replace(REFERENCE, (whole, hex: string | undefined, decimal: string) => {
    const code = hex === undefined ? Number.parseInt(decimal, 10) : Number.parseInt(hex, 16);
    return code > 0x10ffff || String.fromCodePoint(code).replace(ILLEGAL, "") === "" ? REPLACED : whole;
  });
  return dereferenced.replace(ILLEGAL, REPLACED);
}
