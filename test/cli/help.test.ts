import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { counterfoil } from "./monitor.ts";

/** Those that ask the API, each with what it is about. */
const ASKING: Readonly<Record<string, readonly string[]>> = {
  "For anybody:": ["verify", "artifacts", "findings", "explain", "records", "health"],
  "For developers:": ["enrol", "record", "drill", "withdraw", "ack", "resolve", "evidence"],
  "For developers, their enrolment:": ["enrolment", "policy", "cancel", "history", "unenrol"],
  "For operators:": ["invite", "vouch"],
};
/** With commands of their own. */
const NESTED: Readonly<Record<string, readonly string[]>> = {
  key: ["list", "add", "rotate", "revoke"],
  contact: ["list", "add", "ask", "remove"],
  publisher: ["list", "add", "remove"],
};

/** What stands under a heading of the help, up to the next empty line. */
const under = (help: string, heading: string): string =>
  help.slice(help.indexOf(`\n${heading}\n`)).split("\n\n")[0] ?? "";

suite("counterfoil --help", () => {
  test("says for whom each command is", async () => {
    const { code, stdout } = await counterfoil(["--help"]);
    assert.equal(code, 0);
    for (const [heading, commands] of Object.entries(ASKING))
      for (const command of commands) assert.match(under(stdout, heading), new RegExp(`\n {2}${command} `));
    for (const command of Object.keys(NESTED))
      assert.match(under(stdout, "For developers, their enrolment:"), new RegExp(`\n {2}${command} `));
    assert.match(stdout, /Exit codes: 0 ok, 1 a finding, 2 wrong usage or refused, 3 could not tell\./);
  });

  test("of each command has examples of it, and how to have JSON", async () => {
    for (const command of Object.values(ASKING).flat()) {
      const { code, stdout } = await counterfoil([command, "--help"]);
      assert.equal(code, 0, command);
      assert.match(stdout, new RegExp(`Examples:\\n {2}\\$ counterfoil ${command}[ \\n]`), command);
      assert.match(stdout, /^ {2}--json /m, command);
    }
  });

  test("of what has commands of its own names them and has examples", async () => {
    for (const [command, own] of Object.entries(NESTED)) {
      const { stdout } = await counterfoil([command, "--help"]);
      for (const each of own) assert.match(stdout, new RegExp(`\n {2}${each} \\[options\\]`));
      assert.match(stdout, new RegExp(`\\$ counterfoil ${command} `));
    }
  });
});
