import { inert } from "../../functions/records/quoted.ts";

/** What AWS answered to the operator, in words. `exitCode` 2: the same again gets the same; 3: nothing is known. */
export class AwsError extends Error {
  readonly exitCode: 2 | 3;
  constructor(message: string, exitCode: 2 | 3, cause?: unknown) {
    super(message, { cause });
    this.name = "AwsError";
    this.exitCode = exitCode;
  }
}

/** One row per way to fail: what the SDK's name and message match, what to say, and whether trying again may help. */
const ROWS: readonly {
  readonly when: RegExp;
  readonly say: (said: string) => string;
  readonly exitCode: 2 | 3;
}[] = [
  {
    when: /Region is missing|Region not accepted|InvalidRegion/i,
    say: () =>
      "no AWS region is known. Give --region, or set AWS_REGION, to where the monitor's stack was deployed",
    exitCode: 2,
  },
  {
    when: /^(ExpiredToken|RequestExpired)|(Credentials|Token)ProviderError.*(expired|refresh)/i,
    say: () =>
      "the AWS credentials have expired. Log in again (`aws sso login`, or as you do), then repeat this",
    exitCode: 2,
  },
  {
    when: /^(CredentialsProviderError|TokenProviderError)/,
    say: () =>
      "no AWS credentials were found. Log in (`aws sso login`, `aws configure`) or set AWS_PROFILE, then repeat this",
    exitCode: 2,
  },
  {
    when: /^(InvalidClientTokenId|UnrecognizedClient|InvalidAccessKeyId|SignatureDoesNotMatch|InvalidSignature|AuthFailure)/,
    say: (said) =>
      `AWS does not accept these credentials (${said}). Look at AWS_PROFILE and this machine's clock`,
    exitCode: 2,
  },
  {
    when: /^(AccessDenied|AuthorizationError|UnauthorizedOperation|NotAuthorized|KMSAccessDenied)/,
    say: (said) =>
      `these AWS credentials may not do that: ${said}. Ask whoever deployed the monitor for the right`,
    exitCode: 2,
  },
  {
    when: /^(ResourceNotFound|QueueDoesNotExist|NonExistentQueue|NotFound|NoSuch|AWS\.SimpleQueueService\.NonExistentQueue)/,
    say: (said) =>
      `something that the stack names is gone (${said}). Deploy the stack again, and look at the runbook before that`,
    exitCode: 3,
  },
  {
    when: /^(Throttl|TooManyRequests|RequestLimitExceeded|ProvisionedThroughputExceeded|RequestThrottled)/,
    say: () => "AWS is asked too much at the moment. Wait a minute and repeat this",
    exitCode: 3,
  },
  {
    when: /ENOTFOUND|ECONNREFUSED|ECONNRESET|EAI_AGAIN|ETIMEDOUT|TimeoutError|NetworkingError|socket hang up/,
    say: (said) => `AWS could not be reached (${said}). Look at the network and at --region`,
    exitCode: 3,
  },
];

const MOST_CHARS = 400;

/** An error of the AWS SDK as the operator should read it; any other error as it is. */
export function translated(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof AwsError) return error;
  const code = "code" in error ? `${String(error.code)} ` : "";
  const text = `${error.name} ${code}${error.message}`;
  const said = inert(error.message === "" ? text.trim() : error.message)
    .replace(/\.$/, "")
    .slice(0, MOST_CHARS);
  const row = ROWS.find(({ when }) => when.test(text));
  if (row !== undefined) return new AwsError(`${sentence(row.say(said))}.`, row.exitCode, error);
  if (!("$metadata" in error)) return error;
  return new AwsError(`AWS answered ${inert(error.name)}: ${said}.`, 3, error);
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

/** Runs a command against AWS, with every failure in words. */
export async function inWords<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw translated(error);
  }
}
