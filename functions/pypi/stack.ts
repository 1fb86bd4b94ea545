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

/** Makes XML-RPC values out of tags. Throws `IndexUnavailable` (`garbled`) where the tags are not XML-RPC's. */
export interface ValueStack {
  begin(tag: string): void;
  /** `text` is what stood between the last tag and this one. */
  finish(tag: string, text: string): void;
  /** Whether the answer's value was complete. */
  done(): boolean;
}

const STRUCTURE = new Set(["methodResponse", "params", "param", "fault", "data", "member", "name"]);
const DEEPEST = 32;
const MOST_ITEMS = 64;

export function valueStack(parts: AnswerParts): ValueStack {
  const open: Value[] = [];
  let depth = 0;
  let name = "";
  let faulted = false;
  let done = false;

  function finishValue(value: Value) {
    const parent = open.at(-1);
    if (parent === undefined) finishAnswer(value);
    else if (parent.items === NOTHING) throw garbled("a value inside a scalar");
    else if (open.length === 1 && parent.type === "array" && !faulted) parts.item(value);
    else if (parent.items.length < MOST_ITEMS) parent.items.push(value);
  }

  function finishAnswer(value: Value) {
    if (done) throw garbled("the answer holds two values");
    done = true;
    if (!faulted) return parts.result(value);
    const said = fields(value);
    parts.fault(said.get("faultCode")?.text ?? "", said.get("faultString")?.text ?? "");
  }

  return {
    begin(tag) {
      if (depth++ === 0 && tag !== "methodResponse") throw garbled(`the answer is <${tag.slice(0, 40)}>`);
      if (depth > DEEPEST) throw garbled("the answer is nested too deeply");
      if (tag === "fault") faulted = true;
      if (tag === "value") open.push({ name, type: "", text: "", items: NOTHING });
      else if (!STRUCTURE.has(tag)) setType(open.at(-1), tag);
    },
    finish(tag, text) {
      depth--;
      if (tag === "name") name = text;
      else if (tag === "value") finishValue(closed(open.pop(), text));
      else if (!STRUCTURE.has(tag)) setText(open.at(-1), text);
    },
    done: () => done,
  };
}

function setType(value: Value | undefined, tag: string): void {
  if (value === undefined || value.type !== "") throw garbled("the answer is no XML-RPC");
  value.type = tag;
  if (tag === "array" || tag === "struct") value.items = [];
}

function setText(value: Value | undefined, text: string): void {
  if (value !== undefined && value.items === NOTHING) value.text = text;
}

/** Text without a type is a string (XML-RPC's own rule). */
function closed(value: Value | undefined, text: string): Value {
  if (value === undefined) throw garbled("the answer is no XML-RPC");
  if (value.type === "") setText(value, text);
  value.type ||= "string";
  return value;
}
