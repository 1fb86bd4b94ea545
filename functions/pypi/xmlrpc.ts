import { SaxesParser } from "saxes";
import { garbled } from "./answers.ts";
import { fields, NOTHING, type Value } from "./values.ts";

/** Where the parts of an answer go while they are read. */
export interface AnswerParts {
  /** One item of the outermost array; it is not kept. */
  item(value: Value): void;
  /** The whole answer, at its end; without the items of an outermost array. */
  result(value: Value): void;
  fault(code: string, message: string): void;
}

/** Reads one XML-RPC answer piece by piece, cut anywhere. */
export interface AnswerReader {
  /** Throws `IndexUnavailable` (`garbled`) for what is no XML or no XML-RPC. */
  write(text: string): void;
  /** Throws when the answer is not complete. */
  end(): void;
}

/** XML errors that spoil a character, not the answer: it is replaced, the row is kept, nobody can hide a page behind it. */
const SPOILT = new Set(["disallowed character.", "malformed character entity.", "undefined entity."]);
const STRUCTURE = new Set(["methodResponse", "params", "param", "fault", "data", "member", "name"]);
const DEEPEST = 32;
const MOST_ITEMS = 64;
const MOST_ATTRIBUTES = 16;

/** Holds one row at a time, whatever the answer's length. XML entities are never expanded. */
export function answerReader(parts: AnswerParts): AnswerReader {
  const parser = new SaxesParser({ position: false });
  const open: Value[] = [];
  const reading = { depth: 0, text: "", spoilt: false, attributes: 0, name: "", fault: false, done: false };

  function begin(tag: string) {
    if (reading.depth++ === 0 && tag !== "methodResponse")
      throw garbled(`the answer is <${tag.slice(0, 40)}>`);
    if (reading.depth > DEEPEST) throw garbled("the answer is nested too deeply");
    reading.text = "";
    if (tag === "fault") reading.fault = true;
    if (tag === "value") open.push({ name: reading.name, type: "", text: "", items: NOTHING });
    else if (!STRUCTURE.has(tag)) beginTyped(tag);
  }

  function beginTyped(tag: string) {
    const value = open.at(-1);
    if (value === undefined || value.type !== "") throw garbled("the answer is no XML-RPC");
    value.type = tag;
    if (tag === "array" || tag === "struct") value.items = [];
  }

  function finish(tag: string) {
    reading.depth--;
    if (tag === "name") reading.name = legible();
    else if (tag === "value") finishValue();
    else if (!STRUCTURE.has(tag)) finishTyped();
  }

  function finishTyped() {
    const value = open.at(-1);
    if (value !== undefined && value.items === NOTHING) value.text = legible();
  }

  function finishValue() {
    const value = open.pop();
    if (value === undefined) return;
    if (value.type === "") Object.assign(value, { type: "string", text: legible() });
    const parent = open.at(-1);
    if (parent === undefined) finishAnswer(value);
    else if (open.length === 1 && parent.type === "array" && !reading.fault) parts.item(value);
    else if (parent.items === NOTHING) throw garbled("a value inside a scalar");
    else if (parent.items.length < MOST_ITEMS) parent.items.push(value);
  }

  function finishAnswer(value: Value) {
    if (reading.done) throw garbled("the answer holds two values");
    reading.done = true;
    if (!reading.fault) return parts.result(value);
    const said = fields(value);
    parts.fault(said.get("faultCode")?.text ?? "", said.get("faultString")?.text ?? "");
  }

  function legible(): string {
    const text = reading.spoilt ? replaceSpoilt(reading.text) : reading.text;
    reading.text = "";
    reading.spoilt = false;
    return text;
  }

  parser.on("opentag", (tag) => begin(tag.name));
  parser.on("closetag", (tag) => finish(tag.name));
  parser.on("attribute", () => {
    if (++reading.attributes > MOST_ATTRIBUTES) throw garbled("the answer is full of attributes");
  });
  parser.on("text", (text) => {
    reading.text += text;
  });
  parser.on("cdata", (text) => {
    reading.text += text;
  });
  parser.on("error", (error) => {
    if (!SPOILT.has(error.message)) throw garbled(`the answer is no XML: ${error.message}`);
    reading.spoilt = true;
  });
  return {
    write: (text) => void parser.write(text),
    end() {
      parser.close();
      if (!reading.done) throw garbled("the answer holds no value");
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
