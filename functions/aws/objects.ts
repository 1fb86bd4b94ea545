import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";

/** An object's name, and when the store took it. */
export interface Listed {
  readonly key: string;
  readonly takenMs: number;
}

/** One bucket in which an object, once there, stays as it is. */
export interface Objects {
  /** Puts where nothing is; answers whether nothing was. */
  putIfAbsent(key: string, body: string | Uint8Array, contentType: string): Promise<boolean>;
  text(key: string): Promise<string>;
  /** The bytes from offset `from` up to but not including `to`, cut at their end; `null` where there is no such object. */
  range(key: string, from: number, to: number): Promise<Uint8Array | null>;
  list(prefix: string): Promise<readonly Listed[]>;
}

export function objects(client: Pick<S3Client, "send">, bucket: string): Objects {
  return {
    putIfAbsent: (key, body, contentType) => putIfAbsent(client, bucket, { key, body, contentType }),
    text: async (key) => {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      return (await Body?.transformToString()) ?? "";
    },
    range: (key, from, to) => range(client, { Bucket: bucket, Key: key, Range: `bytes=${from}-${to - 1}` }),
    list: (prefix) => list(client, bucket, prefix),
  };
}

/** What S3 says where there is nothing: of the object, or of the range. Without the right to list it says neither. */
const NOTHING: ReadonlySet<string> = new Set(["NoSuchKey", "AccessDenied"]);
const BEYOND = "InvalidRange";

async function range(
  client: Pick<S3Client, "send">,
  asked: { readonly Bucket: string; readonly Key: string; readonly Range: string },
): Promise<Uint8Array | null> {
  try {
    const { Body } = await client.send(new GetObjectCommand(asked));
    return (await Body?.transformToByteArray()) ?? new Uint8Array();
  } catch (error) {
    const name = error instanceof Error ? error.name : "";
    if (NOTHING.has(name)) return null;
    if (name === BEYOND) return new Uint8Array();
    throw error;
  }
}

interface Put {
  readonly key: string;
  readonly body: string | Uint8Array;
  readonly contentType: string;
}

/** Two at once make one of them a conflict: tried again, it finds the other's. Source: S3, "Conditional writes". */
const MOST_TRIES = 3;

async function putIfAbsent(client: Pick<S3Client, "send">, bucket: string, put: Put): Promise<boolean> {
  const { key: Key, body: Body, contentType: ContentType } = put;
  for (let tries = 1; ; tries += 1) {
    try {
      await client.send(new PutObjectCommand({ Bucket: bucket, Key, Body, ContentType, IfNoneMatch: "*" }));
      return true;
    } catch (error) {
      const name = error instanceof Error ? error.name : "";
      if (name === "PreconditionFailed") return false;
      if (name !== "ConditionalRequestConflict" || tries === MOST_TRIES) throw error;
    }
  }
}

async function list(client: Pick<S3Client, "send">, bucket: string, prefix: string): Promise<Listed[]> {
  const listed: Listed[] = [];
  let more: string | undefined;
  do {
    const asked = { Bucket: bucket, Prefix: prefix, ...(more !== undefined && { ContinuationToken: more }) };
    const answer = await client.send(new ListObjectsV2Command(asked));
    for (const { Key, LastModified } of answer.Contents ?? [])
      if (Key !== undefined) listed.push({ key: Key, takenMs: LastModified?.getTime() ?? Infinity });
    more = answer.NextContinuationToken;
  } while (more !== undefined);
  return listed;
}
