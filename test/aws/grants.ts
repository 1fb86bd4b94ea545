import * as z from "zod";
import type { Deployed } from "./deployed.ts";

/** What a stage's role allows: one action on one resource, by the names that `Called` has. */
export interface Grant {
  readonly stage: string;
  /** `dynamodb:PutItem` */
  readonly action: string;
  /** As in `Called`; `*` stands for anything. */
  readonly resource: string;
}

const TEXTS = z.union([z.array(z.unknown()), z.string(), z.record(z.string(), z.unknown())]);
const STATEMENT = z.looseObject({ Effect: z.string(), Action: TEXTS, Resource: TEXTS });
const DOCUMENT = z.looseObject({ Statement: z.array(STATEMENT) });
const ROLE = z.looseObject({
  Type: z.literal("AWS::IAM::Role"),
  Properties: z.looseObject({
    Policies: z.optional(z.array(z.looseObject({ PolicyDocument: DOCUMENT }))),
    ManagedPolicyArns: z.optional(z.array(z.unknown())),
  }),
});
const POLICY = z.looseObject({
  Type: z.enum(["AWS::IAM::Policy", "AWS::IAM::ManagedPolicy"]),
  Properties: z.looseObject({ PolicyDocument: DOCUMENT, Roles: z.array(z.object({ Ref: z.string() })) }),
});
const FUNCTION = z.looseObject({
  Type: z.literal("AWS::Lambda::Function"),
  Properties: z.looseObject({ Role: z.object({ "Fn::GetAtt": z.array(z.string()) }) }),
});
const TEMPLATE = z.looseObject({ Resources: z.record(z.string(), z.looseObject({ Type: z.string() })) });

/** Everything that the synthesised template allows to the functions of stages. Throws for a policy of another form. */
export function grantsIn(template: unknown, deployed: Deployed): readonly Grant[] {
  const resources = Object.entries(TEMPLATE.parse(template).Resources);
  const stageOf = stagesByRole(resources, deployed);
  return resources.flatMap(([id, resource]) => {
    const documents = documentsOf(id, resource);
    return documents.flatMap(({ role, document }) => {
      const stage = stageOf.get(role);
      return stage === undefined ? [] : document.Statement.flatMap((each) => grantsOf(stage, each, deployed));
    });
  });
}

/** Roles of functions that belong to no stage (CDK's own, for emptying buckets) are left out. */
function stagesByRole(
  resources: readonly [string, unknown][],
  deployed: Deployed,
): ReadonlyMap<string, string> {
  const stages = new Map([...deployed.functions].map(([stage, each]) => [each.FunctionName, stage]));
  const pairs = resources.flatMap(([id, resource]) => {
    const { data } = FUNCTION.safeParse(resource);
    const stage = stages.get(deployed.resources.get(id)?.id);
    const role = data?.Properties.Role["Fn::GetAtt"][0];
    return stage === undefined || role === undefined ? [] : [[role, stage] as const];
  });
  if (pairs.length !== stages.size) throw new Error(`of ${stages.size} stages, ${pairs.length} have a role`);
  return new Map(pairs);
}

type Document = z.output<typeof DOCUMENT>;

function documentsOf(id: string, resource: unknown): { role: string; document: Document }[] {
  const role = ROLE.safeParse(resource).data?.Properties;
  if (role !== undefined)
    return (role.Policies ?? []).map(({ PolicyDocument: document }) => ({ role: id, document }));
  const policy = POLICY.safeParse(resource).data?.Properties;
  return (policy?.Roles ?? []).flatMap(({ Ref }) =>
    policy ? [{ role: Ref, document: policy.PolicyDocument }] : [],
  );
}

function grantsOf(stage: string, statement: z.output<typeof STATEMENT>, deployed: Deployed): Grant[] {
  if (statement.Effect !== "Allow") throw new Error(`${stage} has a statement that does not allow`);
  const actions = [statement.Action].flat().map(String);
  return actions.flatMap((action) =>
    [statement.Resource].flat().map((each) => ({ stage, action, resource: nameOf(each, deployed) })),
  );
}

const INTRINSIC = z.union([
  z.object({ Ref: z.string() }),
  z.object({ "Fn::GetAtt": z.tuple([z.string(), z.string()]) }),
  z.object({ "Fn::Join": z.tuple([z.string(), z.array(z.unknown())]) }),
]);

/** A resource of a policy by its name alone, without the ARN around it. */
function nameOf(resource: unknown, deployed: Deployed): string {
  if (typeof resource === "string") return lastOf(resource);
  const read = INTRINSIC.parse(resource);
  if ("Fn::Join" in read) {
    const [by, parts] = read["Fn::Join"];
    return lastOf(parts.map((part) => (typeof part === "string" ? part : nameOf(part, deployed))).join(by));
  }
  const [id, attribute = "Ref"] = "Ref" in read ? [read.Ref] : read["Fn::GetAtt"];
  if (id.startsWith("AWS::")) return id;
  const name = deployed.resources.get(id)?.id;
  if (name === undefined) throw new Error(`a policy names ${id}, which is not deployed`);
  const own = name.startsWith("http") ? name.slice(name.lastIndexOf("/") + 1) : lastOf(name);
  return attribute === "StreamArn" ? `${own}/stream` : own;
}

const lastOf = (arn: string): string =>
  arn.startsWith("arn:")
    ? arn
        .split(":")
        .slice(5)
        .join(":")
        .replace(/^table\//, "")
    : arn;
