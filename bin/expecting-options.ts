import type { Command } from "commander";
import type { ExpectedPublisher, PolicyChange } from "../functions/domain/policy.ts";
import { quoted } from "../functions/records/quoted.ts";
import { Misused } from "./misused.ts";

/** Who shall attest what is published, as it is typed. */
export interface ExpectingOptions {
  /** `false` for nobody any more. */
  readonly expectPublisher?: string | false;
  readonly provenanceCounts?: boolean;
  /** `false` for none any more. */
  readonly builder?: readonly string[] | false;
}

const FORM = "github:OWNER/REPO[/WORKFLOW.yml] or gitlab:GROUP/PROJECT[//PATH/OF/CI.yml]";

/** Adds the flags. */
export const expectingOptions = (command: Command): Command =>
  command
    .option("--expect-publisher <publisher>", `whose provenance every file must carry: ${FORM}`)
    .option("--no-expect-publisher", "the default: files need no provenance")
    .option("--provenance-counts", "good provenance stands in place of a record, as one by ci")
    .option("--no-provenance-counts", "the default: provenance is no record")
    .option(
      "--builder <files=publisher>",
      "who builds files that you do not record, such as '*.whl=github:OWNER/REPO' (repeatable)",
      (value: string, before: readonly string[] | undefined) => [...(before ?? []), value],
    )
    .option("--no-builder", "the default: nobody builds files for you");

/** The publisher that was typed. Throws `Misused` for what names none; whether there can be such a one, the monitor says. */
export function expectedTyped(typed: string): ExpectedPublisher {
  const [, provider, path = ""] = /^(github|gitlab):([^:]+)$/.exec(typed) ?? [];
  if (provider !== "github" && provider !== "gitlab")
    throw new Misused(`a publisher is ${FORM}, and this is not: ${quoted(typed)}`);
  const [, repository = path, workflow = null] =
    /^(.+?)\/\/(.+)$/.exec(path) ?? /^(.+\/.+)\/([^/]+\.ya?ml)$/.exec(path) ?? [];
  return { provider, repository, workflow };
}

function builderTyped(typed: string): { files: string; publisher: ExpectedPublisher } {
  const [, files, publisher] = /^([^=]+)=(.+)$/.exec(typed) ?? [];
  if (files === undefined || publisher === undefined)
    throw new Misused(
      `a builder is FILES=PUBLISHER, such as *.whl=github:OWNER/REPO, and this is not: ${quoted(typed)}`,
    );
  return { files, publisher: expectedTyped(publisher) };
}

/** The choices that were made. Throws `Misused`. */
export function expectingTyped(options: ExpectingOptions): Pick<PolicyChange, "provenance" | "builders"> {
  const { expectPublisher, provenanceCounts, builder } = options;
  if (provenanceCounts !== undefined && typeof expectPublisher !== "string")
    throw new Misused("say whose provenance counts, with --expect-publisher");
  return {
    ...(expectPublisher === false && { provenance: null }),
    ...(typeof expectPublisher === "string" && {
      provenance: { publisher: expectedTyped(expectPublisher), counts: provenanceCounts === true },
    }),
    ...(builder !== undefined && { builders: builder === false ? [] : builder.map(builderTyped) }),
  };
}
