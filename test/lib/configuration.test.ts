import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { CONTEXT_KEYS, configuration, Misconfigured } from "../../lib/configuration.ts";
import { inside, Synthesised } from "./template.ts";

const LEAST = { contact: "security@example.org" };
const LOCAL = { index: "http://127.0.0.1:8080" };

const refused = (context: Readonly<Record<string, unknown>>): string => {
  try {
    configuration(context);
  } catch (error) {
    if (error instanceof Misconfigured) return error.message;
    throw error;
  }
  return "nothing was refused";
};

/** Key, value, and what the sentence must say of what is accepted. */
const WRONG: readonly (readonly [string, unknown, RegExp])[] = [
  ["index", "pypi.org", /an https address/],
  ["index", "http://pypi.org", /http only on loopback/],
  ["index", "ftp://127.0.0.1", /an https address/],
  ["index", "https://pypi.org/?x=1", /without a query/],
  ["index", "https://pypi.org/simple", /without the \/simple that pip wants/],
  ["index", "https://mirror.example.org/root/pypi/simple/", /without the \/simple that pip wants/],
  ["filesOrigins", "https://files.pythonhosted.org/packages", /origins without a path/],
  ["filesOrigins", "https://a.example,http://b.example", /origins without a path/],
  ["contact", "me", /an https address or an e-mail address/],
  ["contact", "http://example.org", /an https address or an e-mail address/],
  ["contact", "https://exämple.org", /in printable ASCII/],
  ["contact", "me @example.org", /in printable ASCII/],
  ["contact", "müller@example.org", /in printable ASCII/],
  ["source", "xmlrpc", /journal, list or rss/],
  ["pollSeconds", "1", /from 2 to 60/],
  ["pollSeconds", "soon", /from 2 to 60/],
  ["pollSeconds", "", /from 2 to 60/],
  ["pollSeconds", "61", /from 2 to 60/],
  ["confirmSeconds", "1501", /at most 1500, because SQS delays/],
  ["confirmSeconds", "0", /above 0/],
  ["sweepHours", "0.5", /from 1 to 720/],
  ["rehashHours", "23", /from 24 to 8760/],
  ["sweepBudgetGigabytes", "-1", /0 or more/],
  ["sweepRequestsPerSecond", "0", /above 0/],
  ["registration", "closed", /invitation or open/],
  ["publicUrl", "http://counterfoil.example.org", /an https address/],
  ["publicUrl", "https://counterfoil.example.org/", /without a slash at its end/],
  ["publicUrl", "https://counterfoil.example.org?x", /without a query/],
  ["quieteningHours", "0", /above 0 and at most 720/],
  ["quieteningHours", "721", /above 0 and at most 720/],
  ["oidcIssuers", "https://gitlab.example.org", /github=ISSUER or gitlab=ISSUER/],
  ["oidcIssuers", "gitlab=http://gitlab.example.org", /http only on loopback/],
  ["oidcIssuers", "gitlab=https://a.example,bitbucket=https://b.example", /github=ISSUER or gitlab=ISSUER/],
  ["trustedRoot", "no-such-file.json", /a Sigstore trusted root/],
  ["trustedRoot", "package.json", /a Sigstore trusted root/],
  ["heartbeatUrl", "http://example.org/ping", /an https address/],
  ["costGuardGigabytesPerDay", "50", /above sweepBudgetGigabytes \(50\)/],
  ["concurrency", "1", /from 2 to 1000/],
  ["concurrency", "2.5", /a whole number/],
  ["reservedConcurrency", "0", /from 1 to 1000/],
  ["reservedConcurrency", "3", /twice concurrency \(4\) or more/],
  ["logRetentionDays", "89", /one of 1, 3, 5, 7/],
  ["ledgerRetentionDays", "0", /from 1 to 36500/],
  ["evidenceRetentionDays", "30", /from 31 to 36500/],
  ["keepData", "no", /true or false/],
  ["logLevel", "TRACE", /DEBUG, INFO, WARN or ERROR/],
  ["findingsEmail", "me@example.org,you", /e-mail addresses/],
  ["findingsHttps", "http://pager.example.org", /http only on loopback/],
  ["findingsSms", "0049", /telephone numbers/],
  ["healthEmail", "x", /e-mail addresses/],
  ["healthHttps", "pager", /https addresses/],
  ["healthSms", "+1", /telephone numbers/],
];

describe("docs/deploy.md", () => {
  it("has every context key, and no other", () => {
    const document = readFileSync(new URL("../../docs/deploy.md", import.meta.url), "utf8");
    const table = document.slice(
      document.indexOf("| key |"),
      document.indexOf("Findings and health never mix"),
    );
    const rows = [...table.matchAll(/^\| (`[^|]+) \|/gm)].flatMap(([, keys = ""]) => keys.split(", "));
    assert.deepEqual(rows.map((key) => key.replaceAll("`", "")).toSorted(), CONTEXT_KEYS.toSorted());
  });
});

describe("a wrong value", () => {
  it("is refused in one sentence that says what was given, what is accepted, and what to type", () => {
    for (const [key, value, accepted] of WRONG) {
      const said = refused({ ...LEAST, [key]: value });
      assert.ok(said.startsWith(`${key} was given as `), `${key}=${value}: ${said}`);
      assert.match(said, accepted, `${key}=${value}`);
      assert.match(said, new RegExp(`for example in cdk.context.json: "${key}": \\S+$`));
      assert.equal(said.split("\n").length, 1);
    }
  });

  it("is tried for every key", () => {
    assert.deepEqual([...new Set(WRONG.map(([key]) => key))].toSorted(), CONTEXT_KEYS.toSorted());
  });

  it("is refused together with all others", () => {
    const said = refused({ contact: "me", pollSeconds: "0", keepdata: "false" });
    assert.equal(said.split("\n").length, 3);
  });
});

describe("the example in each sentence", () => {
  it("is accepted", () => {
    for (const [key, value] of WRONG) {
      const [, pair] = /cdk\.context\.json: (.+)$/m.exec(refused({ ...LEAST, [key]: value })) ?? [];
      const example = JSON.parse(`{${pair}}`) as Record<string, unknown>;
      assert.deepEqual(Object.keys(example), [key]);
      assert.doesNotThrow(() => configuration({ ...LEAST, ...example }), pair);
    }
  });
});

describe("a key of no meaning", () => {
  it("is refused, so that a misspelt one never passes for a choice", () => {
    for (const key of ["findingEmail", "keepdata", "poll"])
      assert.match(
        refused({ ...LEAST, [key]: "x" }),
        new RegExp(`^The context key ${key} has no meaning here`),
      );
  });

  it("is told with the one that was meant", () => {
    const MEANT = {
      findingEmail: "findingsEmail",
      findingsEmail2: "findingsEmail",
      keepdata: "keepData",
      "keep-data": "keepData",
      KEEP_DATA: "keepData",
      poll_seconds: "pollSeconds",
      pollSeconds2: "pollSeconds",
      "poll.seconds": "pollSeconds",
      poll: "pollSeconds",
      "health email": "healthEmail",
      indx: "index",
      "": "index",
    };
    for (const [key, meant] of Object.entries(MEANT))
      assert.ok(
        refused({ ...LEAST, [key]: "9" }).startsWith(
          `The context key ${key} has no meaning here; the nearest that has is ${meant}, for example in cdk.context.json: "${meant}": `,
        ),
        `${key}: ${refused({ ...LEAST, [key]: "9" })}`,
      );
  });

  it("is none of ours when it is CDK's", () => {
    const cdk = {
      "aws:cdk:enable-path-metadata": true,
      "@aws-cdk/core:x": true,
      "availability-zones:x": [],
      "acknowledged-issue-numbers": [32775],
      "cli-telemetry": false,
    };
    assert.doesNotThrow(() => configuration({ ...LEAST, ...cdk }));
  });
});

describe("what is not chosen", () => {
  it("is what the documentation of MonitorProps says", () => {
    const { index, filesOrigins, pollSeconds, confirmSeconds, keepData, registration } = configuration(LEAST);
    assert.deepEqual(
      { index, filesOrigins, pollSeconds, confirmSeconds, keepData, registration },
      {
        index: "https://pypi.org",
        filesOrigins: ["https://files.pythonhosted.org"],
        pollSeconds: 5,
        confirmSeconds: 120,
        keepData: true,
        registration: "invitation",
      },
    );
  });

  it("may be the contact, on loopback only", () => {
    assert.match(refused({}), /^contact was not given/);
    assert.equal(configuration(LOCAL).contact, "");
  });

  it("is no origin of files for another index", () => {
    assert.deepEqual(configuration(LOCAL).filesOrigins, []);
  });
});

describe("an index with a path", () => {
  it("is accepted, and so is one whose name has simple in it", () => {
    for (const index of ["https://mirror.example.org/root/pypi/", "https://simple.example.org/not-simple"])
      assert.equal(configuration({ ...LEAST, index }).index, index);
  });
});

describe("concurrency set aside", () => {
  it("is enough for both lanes of a stage, else refused", () => {
    assert.match(
      refused({ ...LEAST, concurrency: "4", reservedConcurrency: "7" }),
      /^reservedConcurrency was given as 7; accepted is twice concurrency \(8\) or more, because/,
    );
    const enough = configuration({ ...LEAST, concurrency: "4", reservedConcurrency: "8" });
    assert.equal(enough.reservedConcurrency, 8);
  });
});

describe("an index on loopback", () => {
  it("may be asked as often as a test likes", () => {
    const quick = { pollSeconds: "0.5", sweepHours: "0.001", rehashHours: "0.001" };
    assert.equal(configuration({ ...LOCAL, ...quick }).pollSeconds, 0.5);
  });

  it("is no name that merely looks like it", () => {
    for (const index of ["http://127.0.0.1.example.org", "http://localhost.example.org", "http://127.evil"])
      assert.match(refused({ ...LEAST, index }), /^index was given as/);
  });
});

describe("lists", () => {
  it("are read from the command line and from cdk.json alike", () => {
    const typed = configuration({ ...LEAST, findingsEmail: "a@example.org, b@example.org" });
    const written = configuration({ ...LEAST, findingsEmail: ["a@example.org", "b@example.org"] });
    assert.deepEqual(typed.findingsEmail, written.findingsEmail);
  });
});

describe("subscriptions", () => {
  const subscriptions = (chosen: Readonly<Record<string, unknown>>) =>
    new Synthesised({ findingsHttps: "", healthEmail: "", ...chosen })
      .of("AWS::SNS::Subscription")
      .map(({ id, Properties }) => ({ id, protocol: Properties["Protocol"], to: Properties["Endpoint"] }));

  it("keep their place when one before them goes: nobody confirms twice", () => {
    const two = subscriptions({ findingsEmail: "a@example.org,b@example.org" });
    const one = subscriptions({ findingsEmail: "b@example.org" });
    assert.equal(two.length, 2);
    assert.deepEqual(
      one,
      two.filter(({ to }) => to === "b@example.org"),
    );
  });

  it("of the same address twice are one", () => {
    assert.equal(subscriptions({ findingsEmail: "a@example.org,a@example.org" }).length, 1);
  });

  it("are of every kind", () => {
    const all = subscriptions({
      findingsEmail: "a@example.org",
      findingsHttps: "https://a.example,http://127.0.0.1:9",
      findingsSms: "+4917012345678",
    });
    assert.deepEqual(all.map(({ protocol }) => protocol).toSorted(), ["email", "http", "https", "sms"]);
  });
});

describe("what a function is told", () => {
  it("is what was chosen", () => {
    const functions = new Synthesised({ pollSeconds: "10", confirmSeconds: "60" }).of(
      "AWS::Lambda::Function",
    );
    const told = functions.flatMap(({ Properties }) => [
      inside(Properties, "Environment", "Variables", "COUNTERFOIL_POLL_MS"),
      inside(Properties, "Environment", "Variables", "COUNTERFOIL_SETTINGS"),
    ]);
    assert.ok(told.includes("10000"));
    const settings = told.find((each) => String(each).startsWith("{"));
    assert.deepEqual(JSON.parse(String(settings)), {
      confirmMs: 60_000,
      minLookMs: 5_000,
      sweepMs: 86_400_000,
      rehashMs: 604_800_000,
      sweepBudgetBytes: 50_000_000_000,
      sweepPerSecond: 2,
      staleMs: 300_000,
      source: "journal",
      listMs: 3_600_000,
      carryingListMs: 300_000,
      rssMs: 60_000,
    });
  });
});
