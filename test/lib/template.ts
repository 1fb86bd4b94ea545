import { readFileSync } from "node:fs";
import { App } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { Code } from "aws-cdk-lib/aws-lambda";
import { configuration } from "../../lib/configuration.ts";
import { MonitorStack } from "../../lib/monitor-stack.ts";

type Json = Readonly<Record<string, unknown>>;

/** One resource of a synthesised template. */
export interface Resource {
  readonly id: string;
  readonly Type: string;
  readonly Properties: Json;
  readonly DeletionPolicy?: string;
}

/** Feature flags are part of what is deployed. */
export const FLAGS: Json = JSON.parse(
  readFileSync(new URL("../../cdk.json", import.meta.url), "utf8"),
).context;

export const CHOSEN = {
  contact: "security@example.org",
  findingsEmail: "findings@example.org",
  findingsHttps: "https://pager.example.org/hook",
  healthEmail: "health@example.org",
};

export const STUB = () => Code.fromInline("exports.handler = 1");

export function stackOf(
  chosen: Json = {},
  app = new App({ context: FLAGS, builtinCloudFormationValidation: false }),
) {
  const props = configuration({ ...CHOSEN, ...chosen });
  return new MonitorStack(app, "Counterfoil", { ...props, version: "0.0.0", bundles: STUB });
}

/** A whole template, and its resources by type. */
export class Synthesised {
  readonly json: Json;
  readonly all: readonly Resource[];

  constructor(chosen: Json = {}) {
    this.json = Template.fromStack(stackOf(chosen)).toJSON();
    const resources = Object.entries(this.json["Resources"] as Record<string, Omit<Resource, "id">>);
    this.all = resources.map(([id, resource]) => ({
      ...resource,
      id,
      Properties: resource.Properties ?? {},
    }));
  }

  of(type: string): readonly Resource[] {
    return this.all.filter(({ Type }) => Type === type);
  }

  /** The resource that a `Ref` or `Fn::GetAtt` leads to. */
  at(reference: unknown): Resource {
    const { Ref, "Fn::GetAtt": attribute } = reference as { Ref?: string; "Fn::GetAtt"?: [string, string] };
    const id = Ref ?? attribute?.[0];
    const found = this.all.find((each) => each.id === id);
    if (found === undefined) throw new Error(`${JSON.stringify(reference)} leads nowhere`);
    return found;
  }
}

/** A value inside, by its path; `undefined` where there is none. */
export const inside = (value: unknown, ...path: readonly (string | number)[]): unknown =>
  path.reduce<unknown>((at, key) => (at as Record<string | number, unknown> | undefined)?.[key], value);

/** A statement of a policy, whoever's. */
export interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource?: unknown;
  readonly Principal?: unknown;
  readonly Condition?: Json;
}

export const listed = <T>(value: T | readonly T[]): readonly T[] => [value].flat() as readonly T[];

export const statementsIn = (document: unknown): readonly Statement[] =>
  listed(inside(document, "Statement") as Statement | readonly Statement[]);
