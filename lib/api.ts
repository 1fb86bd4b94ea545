import { RemovalPolicy, Stack } from "aws-cdk-lib";
import {
  AccessLogField,
  AccessLogFormat,
  EndpointType,
  LambdaIntegration,
  LogGroupLogDestination,
  type Method,
  RestApi,
} from "aws-cdk-lib/aws-apigateway";
import { LogGroup } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";
import { ENVIRONMENT } from "../functions/aws/environment.ts";
import { acknowledge } from "./acknowledged.ts";
import { answerAsProblems } from "./gateway-answers.ts";
import { StageFunction } from "./stage-function.ts";
import type { Surroundings } from "./surroundings.ts";

/**
 * In requests per second; a submission is one request, however many files it names. Reads need no key, and a new account
 * runs 10 functions at a time, all stages together: a reader must not be able to take them all.
 */
const RATE = 10;
const BURST = 20;

/** Not v1, which the routes themselves begin with. */
const STAGE = "api";

/** The API: every request to the one function, which knows the routes, the keys and the schemas. */
export class Api extends Construct {
  readonly function: StageFunction;
  readonly rest: RestApi;

  constructor(scope: Construct, id: string, surroundings: Surroundings) {
    super(scope, id);
    this.function = new StageFunction(this, surroundings, {
      name: "api",
      needs: [
        "version",
        "settings",
        "registration",
        "quieteningHours",
        "oidcIssuers",
        "journalTable",
        "watchersTable",
        "recordsTable",
        "ledgerTable",
        "viewTable",
        "scheduleTable",
        "pagesTable",
        "evidenceBucket",
        "changesNowQueue",
        "alertsQueue",
        "backlog",
        "findingsTopic",
        "undeliveredQueue",
      ],
      // API Gateway waits no longer.
      timeoutSeconds: 29,
      memoryMegabytes: 512,
    });
    this.rest = this.#gateway(surroundings);
    const publicUrl = surroundings.props.publicUrl ?? this.#ownAddress;
    this.function.addEnvironment(ENVIRONMENT.publicUrl, publicUrl);
    // CDK adds an output of its own, with a name of no meaning; `ApiUrl` says it.
    this.rest.node.tryRemoveChild("Endpoint");
    answerAsProblems(this.rest, publicUrl);
  }

  /** Where it answers, without a slash at the end. */
  get url(): string {
    return this.rest.url.replace(/\/$/, "");
  }

  /** What `url` is, made of nothing that comes after the function: the stage of a REST API waits for all it integrates. */
  get #ownAddress(): string {
    const { region, urlSuffix } = Stack.of(this);
    return `https://${this.rest.restApiId}.execute-api.${region}.${urlSuffix}/${STAGE}`;
  }

  #gateway({ props }: Surroundings): RestApi {
    const removalPolicy = props.keepData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;
    const logGroup = new LogGroup(this, "AccessLogs", { retention: props.logRetentionDays, removalPolicy });
    const rest = new RestApi(this, "Gateway", {
      // Its metrics have no other dimension: a second stack must not be counted with this one.
      restApiName: Stack.of(this).stackName,
      description: "Counterfoil: enrolments, records, findings",
      endpointTypes: [EndpointType.REGIONAL],
      // As they are: a submission that is not UTF-8 must be refused as such, not mended on the way.
      binaryMediaTypes: ["*/*"],
      cloudWatchRole: true,
      cloudWatchRoleRemovalPolicy: removalPolicy,
      deployOptions: {
        stageName: STAGE,
        throttlingRateLimit: RATE,
        throttlingBurstLimit: BURST,
        accessLogDestination: new LogGroupLogDestination(logGroup),
        accessLogFormat: ACCESS_LOG,
      },
    });
    const integration = new LambdaIntegration(this.function, { proxy: true, allowTestInvoke: false });
    const root = rest.root.addMethod("ANY", integration);
    const proxy = rest.root.addProxy({ anyMethod: true, defaultIntegration: integration });
    explain(rest, [root, ...(proxy.anyMethod ? [proxy.anyMethod] : [])]);
    return rest;
  }
}

/** Why some rules for APIs do not hold here. */
function explain(rest: RestApi, methods: readonly Method[]): void {
  acknowledge(
    rest,
    "APIG2",
    "The function parses every request by schema and says what is wrong with which line.",
  );
  const role = rest.node.findChild("CloudWatchRole");
  const policy =
    "Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs";
  acknowledge(role, "IAM4", "API Gateway takes no other policy for writing logs.", policy);
  const stage = rest.deploymentStage;
  acknowledge(
    stage,
    "APIG6",
    "Access logs say what is needed; execution logs would hold keys and unlisted records.",
  );
  acknowledge(
    stage,
    "APIG3",
    "Throttled, with bodies capped and keys of 256 bits: a firewall costs more than the rest.",
  );
  for (const method of methods) {
    const reason =
      "Reads are public; for all else the function looks the key up and compares it in constant time.";
    acknowledge(method, "APIG4", reason);
    acknowledge(method, "COG4", reason);
  }
}

/** No header and no body: neither keys nor records come into a log. */
const ACCESS_LOG = AccessLogFormat.custom(
  JSON.stringify({
    at: AccessLogField.contextRequestTime(),
    request: AccessLogField.contextRequestId(),
    address: AccessLogField.contextIdentitySourceIp(),
    method: AccessLogField.contextHttpMethod(),
    path: AccessLogField.contextPath(),
    status: AccessLogField.contextStatus(),
    sizeBytes: AccessLogField.contextResponseLength(),
    latencyMs: AccessLogField.contextResponseLatency(),
    fault: AccessLogField.contextErrorResponseType(),
  }),
);
