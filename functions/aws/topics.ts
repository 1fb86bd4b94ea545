import { type MessageAttributeValue, PublishCommand, type SNSClient } from "@aws-sdk/client-sns";
import type { Contact } from "../domain/enrolments.ts";
import type { Alert, Topics } from "../ports.ts";
import { cutToFit } from "./cutting.ts";
import { wireJson } from "./wire.ts";

/** ARNs, by the topic of an alert. */
export type TopicArns = Readonly<Record<Alert["topic"], string>>;

/** SNS takes 256 KiB, names and attributes included. Source: SNS API reference, Publish. */
export const MOST_PUBLISHED_BYTES = 256 * 1024;
/** For subject and attributes, which are short but for the contacts. */
const BESIDE_BYTES = 4 * 1024;
const MOST_SUBJECT_CHARS = 99;
/** One text message, in the alphabet of which 160 characters fit, less what SNS may put before it. */
const MOST_SMS_CHARS = 140;

/**
 * The two topics on SNS. A contact's subscription is filtered by its id, which stands in an attribute of what it shall get;
 * the operator's are not, but for drills. People who subscribe by mail get the text, by phone one line; machines get the alert as JSON, the
 * same that the embedded host posts. Published twice, an alert has the same id.
 */
export const topics = (client: Pick<SNSClient, "send">, arns: TopicArns): Topics => ({
  publish: async (alert, contacts) => {
    const attributes = attributesOf(alert, contacts);
    const beside = BESIDE_BYTES + (attributes["contacts"]?.StringValue?.length ?? 0);
    await client.send(
      new PublishCommand({
        TopicArn: arns[alert.topic],
        Subject: lineOf(alert, MOST_SUBJECT_CHARS),
        MessageStructure: "json",
        Message: cutToFit(alert, messageOf, MOST_PUBLISHED_BYTES - beside),
        MessageAttributes: attributes,
      }),
    );
  },
});

/** One text for each way of delivery; `default` is for all that is not named, mail above all. */
function messageOf(alert: Alert): string {
  const json = wireJson(alert);
  const sms = lineOf(alert, MOST_SMS_CHARS);
  const text = alert.text.replace(UNSPEAKABLE, "?");
  return wireJson({ default: text, email: text, sms, http: json, https: json, sqs: json, lambda: json });
}

/** What XML cannot carry, and SNS speaks XML. Line ends may stay. */
const UNSPEAKABLE = /[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

/** Printable ASCII on one line; SNS refuses a subject that is not, and one that begins with a space. */
const lineOf = ({ subject }: Alert, mostChars: number): string =>
  subject
    .replace(/[^\x20-\x7e]+/g, "?")
    // A mail program decodes what looks encoded: a release's name could so end the line that people read.
    .replaceAll("=?", "= ?")
    .trim()
    .slice(0, mostChars) || "[counterfoil]";

/**
 * What a subscription may be filtered by. An alert that is not about a project has no attribute of that name, and one that no
 * contact shall get has no `contacts`.
 */
function attributesOf(
  { severity, finding }: Alert,
  contacts: readonly Contact[],
): Record<string, MessageAttributeValue> {
  const { verdict, project, enrolment } = finding;
  const given = Object.entries({ severity, verdict, project, enrolment }).filter(([, value]) => value);
  const texts = given.map(([name, value]) => [name, { DataType: "String", StringValue: String(value) }]);
  const ids = JSON.stringify(contacts.map(({ id }) => id));
  return {
    ...Object.fromEntries(texts),
    ...(contacts.length > 0 && { contacts: { DataType: "String.Array", StringValue: ids } }),
  };
}
