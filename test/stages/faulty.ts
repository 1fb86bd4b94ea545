/** How a write fails: before it is stored, or after it (the answer was lost). */
export type Mode = "not stored" | "stored, but the answer was lost";
export const MODES: readonly Mode[] = ["not stored", "stored, but the answer was lost"];

export class Fault extends Error {
  constructor(write: string) {
    super(`${write} failed`);
    this.name = "Fault";
  }
}

/** Every method of a port that writes. */
const WRITES = new Set(
  ["move", "append", "put", "putFindings", "markPublished", "putIfAbsent", "clear", "write", "keep"].concat(
    "bringForward",
    "remember",
    "note",
    "commit",
    "send",
    "publish",
  ),
);

/** Counts the writes that go through its ports, and fails one of them. */
export class Faults {
  /** What was written, in order: `cursors.move`, `changes.now.send`, … */
  readonly writes: string[] = [];
  readonly #fails: { readonly nth: number; readonly mode: Mode } | null;

  constructor(fails: { readonly nth: number; readonly mode: Mode } | null = null) {
    this.#fails = fails;
  }

  /** The same ports, with everything that writes, however deep, going through here. */
  through<P extends object>(ports: P, path = ""): P {
    return new Proxy(ports, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name);
        if (typeof name !== "string") return value;
        const called = path === "" ? name : `${path}.${name}`;
        if (typeof value === "function") return this.#method(value.bind(target), name, called);
        const isPort = typeof value === "object" && value !== null && !PLAIN.has(name);
        return isPort ? this.through(value, called) : value;
      },
    });
  }

  #method(method: (...asked: unknown[]) => unknown, name: string, called: string): unknown {
    if (name === "spool") return () => this.through(method() as object, "evidence");
    if (!WRITES.has(name)) return method;
    return (...asked: unknown[]) => this.#write(called, async () => method(...asked));
  }

  async #write(called: string, store: () => Promise<unknown>): Promise<unknown> {
    this.writes.push(called);
    if (this.#fails?.nth !== this.writes.length) return store();
    if (this.#fails.mode !== "not stored") await store();
    throw new Fault(called);
  }
}

/** What lies among the ports and is none. */
const PLAIN = new Set(["settings", "subscribers", "unkind"]);
