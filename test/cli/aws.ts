/** As much of AWS as a command asks: each call is handed over by name, and answered by the test. */
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestContext } from "node:test";

/** One call, by its service's name for it, with what it asks. */
export interface Call {
  readonly action: string;
  readonly asked: Readonly<Record<string, unknown>>;
}

/** JSON for the services that speak it, XML of the result for the others. */
export type Answer =
  | { readonly status?: number; readonly json: object }
  | { readonly status?: number; readonly xml: string };
export type Answering = (call: Call) => Answer | Promise<Answer>;

export interface FakeAws {
  readonly env: Readonly<Record<string, string>>;
  readonly calls: Call[];
}

/** Where nothing of the machine's own AWS settings can be found. */
export const NO_AWS = {
  HOME: "/nonexistent",
  AWS_EC2_METADATA_DISABLED: "true",
  AWS_MAX_ATTEMPTS: "1",
} as const;

export async function fakeAws(t: TestContext, answering: Answering): Promise<FakeAws> {
  const calls: Call[] = [];
  const server = createServer(async (request, response) => {
    const call = await callOf(request);
    calls.push(call);
    const answer = await answering(call);
    const [type, body] =
      "json" in answer
        ? ["application/x-amz-json-1.0", JSON.stringify(answer.json)]
        : ["text/xml", wrapped(call.action, answer)];
    response.writeHead(answer.status ?? 200, { "content-type": type }).end(body);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return {
    calls,
    env: {
      ...NO_AWS,
      AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
      AWS_REGION: "eu-west-1",
      AWS_ACCESS_KEY_ID: "AKIAFAKE",
      AWS_SECRET_ACCESS_KEY: "fake",
    },
  };
}

async function callOf(request: IncomingMessage): Promise<Call> {
  let text = "";
  for await (const chunk of request) text += chunk;
  const target = request.headers["x-amz-target"];
  if (typeof target === "string") return { action: target.split(".").at(-1) ?? "", asked: JSON.parse(text) };
  const { Action = "", ...asked } = Object.fromEntries(new URLSearchParams(text));
  return { action: Action, asked };
}

const wrapped = (action: string, answer: { readonly status?: number; readonly xml: string }): string =>
  (answer.status ?? 200) < 300
    ? `<${action}Response><${action}Result>${answer.xml}</${action}Result></${action}Response>`
    : `<ErrorResponse><Error><Type>Sender</Type>${answer.xml}</Error></ErrorResponse>`;

export const refusal = (code: string, message: string): Answer => ({
  status: 400,
  xml: `<Code>${code}</Code><Message>${message}</Message>`,
});

export const ADDRESSES = [
  {
    queue: "artifacts-now",
    url: "https://sqs.example/1/artifacts-now",
    deadLettersUrl: "https://sqs.example/1/artifacts-now-dead",
  },
  {
    queue: "alerts",
    url: "https://sqs.example/1/alerts",
    deadLettersUrl: "https://sqs.example/1/alerts-dead",
  },
] as const;

/** The outputs of a deployed monitor. */
export const OUTPUTS: Readonly<Record<string, string>> = {
  ApiUrl: "https://api.example/monitor",
  Index: "https://pypi.org",
  Contact: "mailto:operator@example.org",
  FindingsTopicArn: "arn:aws:sns:eu-west-1:1:findings",
  HealthTopicArn: "arn:aws:sns:eu-west-1:1:health",
  WatchersTableName: "Watchers",
  LedgerTableName: "Ledger",
  JournalTableName: "Journal",
  ScheduleTableName: "Schedule",
  Queues: JSON.stringify(ADDRESSES),
};

const escaped = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

/** What CloudFormation says of a stack with these outputs. */
export function stackAnswer(
  outputs: Readonly<Record<string, string>> = OUTPUTS,
  status = "CREATE_COMPLETE",
): Answer {
  const members = Object.entries(outputs).map(
    ([name, value]) =>
      `<member><OutputKey>${name}</OutputKey><OutputValue>${escaped(value)}</OutputValue></member>`,
  );
  const stack = `<StackName>Counterfoil</StackName><StackStatus>${status}</StackStatus><CreationTime>2026-11-22T12:00:00Z</CreationTime>`;
  return { xml: `<Stacks><member>${stack}<Outputs>${members.join("")}</Outputs></member></Stacks>` };
}

/** What CloudFormation says of the template of such a stack, which declares these subscriptions beside its topics. */
export function templateAnswer(
  declared: readonly {
    readonly topic: "Findings" | "Health";
    readonly protocol: string;
    readonly endpoint: string;
  }[],
): Answer {
  const subscriptions = declared.map(({ topic, protocol, endpoint }, index) => [
    `Subscription${index}`,
    {
      Type: "AWS::SNS::Subscription",
      Properties: { TopicArn: { Ref: `${topic}1` }, Protocol: protocol, Endpoint: endpoint },
    },
  ]);
  const template = {
    Outputs: {
      FindingsTopicArn: { Value: { Ref: "Findings1" } },
      HealthTopicArn: { Value: { Ref: "Health1" } },
    },
    Resources: { Findings1: { Type: "AWS::SNS::Topic" }, ...Object.fromEntries(subscriptions) },
  };
  return { xml: `<TemplateBody>${escaped(JSON.stringify(template))}</TemplateBody>` };
}
