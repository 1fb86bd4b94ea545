import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { inside, listed, Synthesised, statementsIn } from "./template.ts";

const synthesised = new Synthesised();
const tables = synthesised.of("AWS::DynamoDB::GlobalTable");
const buckets = synthesised.of("AWS::S3::Bucket");

/**
 * Resources whose loss is a loss. Their logical ids must never change: CloudFormation would make new ones, empty, and
 * leave the old ones behind.
 */
const PINNED: Readonly<Record<string, string>> = {
  PipelineFeedEveryMinuteDeadLettersB5BA6D38: "AWS::SQS::Queue",
  PipelineLedgerCopyDeadLetters47589171: "AWS::SQS::Queue",
  PipelineQueuesAlertsB4878F8B: "AWS::SQS::Queue",
  PipelineQueuesAlertsDeadLetters7AD1052B: "AWS::SQS::Queue",
  PipelineQueuesArtifactsNow73E1F9B5: "AWS::SQS::Queue",
  PipelineQueuesArtifactsNowDeadLettersB83787F3: "AWS::SQS::Queue",
  PipelineQueuesArtifactsSweepDeadLettersA3EE6412: "AWS::SQS::Queue",
  PipelineQueuesArtifactsSweepEE2B8F24: "AWS::SQS::Queue",
  PipelineQueuesChangesNowDB65BAE1: "AWS::SQS::Queue",
  PipelineQueuesChangesNowDeadLetters1CCD88CE: "AWS::SQS::Queue",
  PipelineQueuesChangesSweepDE424CD5: "AWS::SQS::Queue",
  PipelineQueuesChangesSweepDeadLetters2637C4B1: "AWS::SQS::Queue",
  PipelineQueuesFactsD5E7A097: "AWS::SQS::Queue",
  PipelineQueuesFactsDeadLetters78AAF09F: "AWS::SQS::Queue",
  PipelineSweepEveryMinuteDeadLettersDEBBBBAE: "AWS::SQS::Queue",
  StoresAccessLogs6879A8BE: "AWS::S3::Bucket",
  StoresEvidence0A08C3A2: "AWS::S3::Bucket",
  StoresJournal59AC4E51: "AWS::DynamoDB::GlobalTable",
  StoresLedgerA56684EA: "AWS::DynamoDB::GlobalTable",
  StoresLedgerCopyA5D16E5D: "AWS::S3::Bucket",
  StoresPagesEB9F285D: "AWS::DynamoDB::GlobalTable",
  StoresRecordsE2AEA79E: "AWS::DynamoDB::GlobalTable",
  StoresScheduleF3AAAC9C: "AWS::DynamoDB::GlobalTable",
  StoresView42817FE6: "AWS::DynamoDB::GlobalTable",
  StoresWatchers542F898C: "AWS::DynamoDB::GlobalTable",
  TopicsFindings1DCE637C: "AWS::SNS::Topic",
  TopicsHealth12FF35BD: "AWS::SNS::Topic",
  TopicsKey64CE8550: "AWS::KMS::Key",
  TopicsUndelivered101FB064: "AWS::SQS::Queue",
};

describe("each table", () => {
  it("can be restored, is protected, and outlives the stack", () => {
    assert.equal(tables.length, 7);
    for (const { id, Properties, DeletionPolicy } of tables) {
      assert.equal(Properties["BillingMode"], "PAY_PER_REQUEST", id);
      assert.equal(DeletionPolicy, "Retain", id);
      const replicas = listed(Properties["Replicas"]);
      assert.equal(replicas.length, 1, id);
      assert.equal(inside(replicas[0], "DeletionProtectionEnabled"), true, id);
      assert.equal(
        inside(replicas[0], "PointInTimeRecoverySpecification", "PointInTimeRecoveryEnabled"),
        true,
        id,
      );
    }
  });
});

describe("the keys of tables", () => {
  const keys = (schema: unknown, definitions: unknown): readonly string[] =>
    listed(schema).map((each) => {
      const name = inside(each, "AttributeName");
      const type = listed(definitions).find((other) => inside(other, "AttributeName") === name);
      return `${name} ${inside(type, "AttributeType")} ${inside(each, "KeyType")}`;
    });
  const plain = ["pk S HASH", "sk S RANGE"];

  it("are those of the release before, or CloudFormation would make new tables", () => {
    const now = tables.map(({ id, Properties }) => {
      const { KeySchema, AttributeDefinitions, GlobalSecondaryIndexes = [] } = Properties;
      const indexes = listed(GlobalSecondaryIndexes).map((index) => [
        inside(index, "IndexName"),
        inside(index, "Projection", "ProjectionType"),
        ...keys(inside(index, "KeySchema"), AttributeDefinitions),
      ]);
      return [/^Stores([A-Z][a-z]+)/.exec(id)?.[1], [keys(KeySchema, AttributeDefinitions), ...indexes]];
    });
    assert.deepEqual(Object.fromEntries(now), {
      Ledger: [["subject S HASH", "number N RANGE"]],
      Records: [plain],
      Watchers: [plain],
      Journal: [plain],
      View: [plain, ["unpublished", "ALL", "unpublished S HASH", "changedAt S RANGE"]],
      Schedule: [plain, ["due", "ALL", "bucket S HASH", "due S RANGE"]],
      Pages: [plain],
    });
  });
});

describe("each bucket", () => {
  it("is private, encrypted, and refuses whoever comes without TLS", () => {
    assert.equal(buckets.length, 3);
    const policies = synthesised.of("AWS::S3::BucketPolicy");
    for (const { id, Properties, DeletionPolicy } of buckets) {
      const block = ["BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"];
      assert.deepEqual(
        Properties["PublicAccessBlockConfiguration"],
        Object.fromEntries(block.map((each) => [each, true])),
        id,
      );
      assert.ok(Properties["BucketEncryption"], id);
      assert.equal(DeletionPolicy, "Retain", id);
      const own = policies.filter((each) => inside(each.Properties["Bucket"], "Ref") === id);
      const refuses = own
        .flatMap((each) => statementsIn(each.Properties["PolicyDocument"]))
        .filter(
          ({ Effect, Condition }) =>
            Effect === "Deny" && inside(Condition, "Bool", "aws:SecureTransport") === "false",
        );
      assert.equal(refuses.length, 1, id);
    }
  });

  it("but the logs' is versioned and says who used it", () => {
    const used = buckets.filter(({ Properties }) => Properties["LoggingConfiguration"] !== undefined);
    assert.equal(used.length, 2);
    for (const { Properties } of used)
      assert.equal(inside(Properties, "VersioningConfiguration", "Status"), "Enabled");
  });

  it("of evidence keeps it for as long as was chosen, and leaves no trace of what was old", () => {
    const [evidence] = buckets.filter(({ id }) => id.startsWith("StoresEvidence"));
    const rules = inside(evidence?.Properties, "LifecycleConfiguration", "Rules") as readonly unknown[];
    assert.deepEqual(
      rules.map((rule) => [
        inside(rule, "ExpirationInDays"),
        inside(rule, "NoncurrentVersionExpiration", "NoncurrentDays"),
        inside(rule, "ExpiredObjectDeleteMarker"),
      ]),
      [
        [730, 1, undefined],
        [undefined, undefined, true],
      ],
    );
  });

  it("of the ledger's copy is locked for as long as was chosen", () => {
    const locked = buckets.filter(({ Properties }) => Properties["ObjectLockEnabled"] === true);
    assert.equal(locked.length, 1);
    assert.deepEqual(inside(locked[0]?.Properties, "ObjectLockConfiguration", "Rule", "DefaultRetention"), {
      Days: 400,
      Mode: "GOVERNANCE",
    });
  });
});

describe("each policy of a thing", () => {
  it("stays for as long as the thing does: what outlives the stack is as closed as before", () => {
    const kept: string[] = [];
    for (const type of ["S3::Bucket", "SQS::Queue", "SNS::Topic"]) {
      const policies = synthesised.of(`AWS::${type}Policy`);
      assert.ok(policies.length >= 2, type);
      for (const { id, Properties, DeletionPolicy } of policies) {
        const things = listed(Properties["Bucket"] ?? Properties["Queues"] ?? Properties["Topics"]);
        assert.equal(things.length, 1, id);
        const thing = synthesised.at(things[0]);
        assert.equal(DeletionPolicy === "Retain", thing.DeletionPolicy === "Retain", id);
        if (DeletionPolicy === "Retain") kept.push(thing.id);
      }
    }
    assert.deepEqual(kept.toSorted(), buckets.map(({ id }) => id).toSorted());
  });
});

describe("a stack that keeps no data", () => {
  const removable = new Synthesised({ keepData: "false" });

  it("can be removed with all it made", () => {
    assert.ok(removable.all.length > 100, `saw only ${removable.all.length} resources`);
    const left = removable.all.filter(({ DeletionPolicy }) => DeletionPolicy?.startsWith("Retain"));
    assert.deepEqual(
      left.map(({ id }) => id),
      [],
    );
  });

  it("protects nothing and locks nothing", () => {
    const emptied = removable.of("Custom::S3AutoDeleteObjects");
    assert.equal(emptied.length, 3);
    for (const { Properties } of removable.of("AWS::DynamoDB::GlobalTable"))
      assert.equal(inside(Properties, "Replicas", 0, "DeletionProtectionEnabled"), false);
    const rules = removable
      .of("AWS::S3::Bucket")
      .filter(({ Properties }) => inside(Properties, "ObjectLockConfiguration", "Rule") !== undefined);
    assert.deepEqual(rules, []);
  });
});

describe("the logical ids of what keeps something", () => {
  it("are those of the release before", () => {
    const stateful = /^AWS::(DynamoDB::|S3::Bucket$|KMS::Key$|SNS::Topic$|SQS::Queue$)/;
    const now = synthesised.all.filter(({ Type }) => stateful.test(Type)).map(({ id, Type }) => [id, Type]);
    assert.ok(now.length >= 25, `saw only ${now.length}`);
    assert.deepEqual(Object.fromEntries(now), PINNED);
  });
});
