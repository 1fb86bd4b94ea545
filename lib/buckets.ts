import { Duration, RemovalPolicy } from "aws-cdk-lib";
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type BucketProps,
  type IBucket,
  ObjectLockRetention,
  ObjectOwnership,
  StorageClass,
} from "aws-cdk-lib/aws-s3";
import type { Construct } from "constructs";
import type { MonitorProps } from "./monitor-props.ts";

/** Nobody from outside, nothing without TLS, nothing overwritten without a trace. */
const closed = ({ keepData }: MonitorProps): BucketProps => ({
  blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
  encryption: BucketEncryption.S3_MANAGED,
  enforceSSL: true,
  minimumTLSVersion: 1.2,
  objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
  versioned: true,
  removalPolicy: keepData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
  autoDeleteObjects: !keepData,
});

function bucket(scope: Construct, id: string, props: MonitorProps, own: BucketProps): Bucket {
  const made = new Bucket(scope, id, { ...closed(props), ...own });
  // What outlives the stack stays as closed as it was.
  if (props.keepData) made.policy?.applyRemovalPolicy(RemovalPolicy.RETAIN);
  return made;
}

/** Who read and wrote the two others. */
export const logsBucket = (scope: Construct, props: MonitorProps): Bucket =>
  bucket(scope, "AccessLogs", props, {
    versioned: false,
    lifecycleRules: [{ expiration: Duration.days(props.logRetentionDays) }],
  });

/** CDK's own class does not fit its own interface where an optional property may not be `undefined`. */
const loggedTo = (bucket: Bucket, prefix: string): BucketProps => ({
  serverAccessLogsBucket: bucket as IBucket,
  serverAccessLogsPrefix: prefix,
});

/** Divergent bytes under their digest, for whoever investigates. Never served, never opened. */
export const evidenceBucket = (scope: Construct, props: MonitorProps, accessLogs: Bucket): Bucket =>
  bucket(scope, "Evidence", props, {
    ...loggedTo(accessLogs, "evidence/"),
    lifecycleRules: [
      {
        abortIncompleteMultipartUploadAfter: Duration.days(1),
        transitions: [{ storageClass: StorageClass.INFREQUENT_ACCESS, transitionAfter: Duration.days(30) }],
        expiration: Duration.days(props.evidenceRetentionDays),
        // What expires is a version first: kept any longer, it would stay for twice as long as was chosen.
        noncurrentVersionExpiration: Duration.days(1),
      },
      // A rule of its own: S3 takes no rule that has both this and an age.
      { expiredObjectDeleteMarker: true },
    ],
  });

/**
 * Each entry of the ledger, out of reach of whoever can write the table. Governance and not compliance mode: an operator
 * who kept a secret by mistake can still remove it, with a right of its own (`s3:BypassGovernanceRetention`).
 */
export const ledgerCopyBucket = (scope: Construct, props: MonitorProps, accessLogs: Bucket): Bucket =>
  bucket(scope, "LedgerCopy", props, {
    ...loggedTo(accessLogs, "ledger-copy/"),
    objectLockEnabled: true,
    // What is locked cannot be removed, so a stack that shall be removable locks nothing.
    ...(props.keepData && {
      objectLockDefaultRetention: ObjectLockRetention.governance(Duration.days(props.ledgerRetentionDays)),
    }),
    lifecycleRules: [{ abortIncompleteMultipartUploadAfter: Duration.days(1) }],
  });
