import type { Alert } from "../ports.ts";

/** From the gentlest cut to the harshest: the longest text and the longest list that stay. */
const STEPS = [
  { chars: 16_000, items: 200 },
  { chars: 4_000, items: 50 },
  { chars: 1_000, items: 10 },
  { chars: 200, items: 3 },
];

/** An alert with something left out, and what: paths into it, as `finding.grounds.recorded`. */
export type CutAlert = Alert & { readonly cut: readonly string[] };

/**
 * Writes an alert, cut as little as it takes to fit. An alert that is too large to send would be no alert; one that hides that
 * it is cut would be a lie, so the JSON names what was cut and the text says so in its first line.
 */
export function cutToFit(alert: Alert, written: (alert: Alert) => string, mostBytes: number): string {
  const whole = written(alert);
  if (Buffer.byteLength(whole) <= mostBytes) return whole;
  for (const step of STEPS) {
    const text = written(cutAlert(alert, step));
    if (Buffer.byteLength(text) <= mostBytes) return text;
  }
  throw new Error(
    `alert ${alert.id} of ${Buffer.byteLength(whole)} bytes cannot be cut to ${mostBytes}; it stays unpublished and is tried again`,
  );
}

const NOTICE =
  "(Cut: the whole alert is too large to send. The monitor's ledger has all of it, under the finding's id.)";

function cutAlert(alert: Alert, most: (typeof STEPS)[number]): CutAlert {
  const paths: string[] = [];
  const cut = (value: unknown, path: string): unknown => {
    if (typeof value === "string" && value.length > most.chars) {
      paths.push(path);
      return `${value.slice(0, most.chars).toWellFormed()}…`;
    }
    if (Array.isArray(value)) {
      if (value.length > most.items) paths.push(path);
      return value.slice(0, most.items).map((each, index) => cut(each, `${path}[${index}]`));
    }
    if (typeof value !== "object" || value === null) return value;
    const fields = Object.entries(value);
    return Object.fromEntries(
      fields.map(([name, each]) => [name, cut(each, path === "" ? name : `${path}.${name}`)]),
    );
  };
  const rest = cut(alert, "") as Alert;
  return { ...rest, text: `${NOTICE}\n${rest.text}\nfinding ${alert.finding.id}`, cut: paths };
}
