/** Ports of which one write fails, before or after it was stored. */
import type { ApiPorts } from "../../functions/api/seams.ts";

export type Mode = "not stored" | "stored, but the answer was lost";
export const MODES: readonly Mode[] = ["not stored", "stored, but the answer was lost"];

/** Every way in which the API may write. One that is missing here fails no test: the count of writes does. */
const WRITES: Readonly<Record<string, readonly string[]>> = {
  enrolments: ["add", "put", "addCredential", "noteUse"],
  records: ["append", "withdraw"],
  manifests: ["keep"],
  ledger: ["append"],
  view: ["putFindings"],
  deadlines: ["put", "putIfAbsent", "bringForward", "clear"],
  durability: ["flush"],
};

/** Fails one write, the `nth` from when it is armed; and names them all in their order. */
export class FaultyWrites {
  readonly names: string[] = [];
  private failing: { readonly nth: number; readonly mode: Mode } | null = null;

  arm(failing: { readonly nth: number; readonly mode: Mode } | null): void {
    this.names.length = 0;
    this.failing = failing;
  }

  private async write(name: string, store: () => Promise<unknown>): Promise<unknown> {
    this.names.push(name);
    if (this.failing?.nth !== this.names.length) return store();
    if (this.failing.mode !== "not stored") await store();
    throw new Error(`${name} failed`);
  }

  private port<P extends object>(port: P, name: string, methods: readonly string[]): P {
    return new Proxy(port, {
      get: (of, key) => {
        const value: unknown = Reflect.get(of, key);
        if (typeof value !== "function" || !methods.includes(String(key))) return value;
        return (...asked: unknown[]) =>
          this.write(`${name}.${String(key)}`, () => Reflect.apply(value, of, asked));
      },
    });
  }

  readonly through = (ports: ApiPorts): ApiPorts => {
    const wrapped = Object.entries(ports).map(([name, port]) => [
      name,
      WRITES[name] === undefined ? port : this.port(port, name, WRITES[name]),
    ]);
    const { changes, alerts } = ports.queues;
    const queues = {
      changes: { now: this.port(changes.now, "changes", ["send"]) },
      alerts: this.port(alerts, "alerts", ["send"]),
    };
    return { ...ports, ...Object.fromEntries(wrapped), queues };
  };
}
