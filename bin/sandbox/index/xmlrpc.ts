import { Deserializer } from "@foxglove/xmlrpc";
import { type Answer, type Ask, answer } from "./answer.ts";
import type { Catalogue } from "./catalogue.ts";
import type { JournalRow } from "./journal.ts";
import { xmlArray, xmlFault, xmlInt, xmlResponse, xmlString, xmlStruct } from "./xml.ts";

const retired = new Set([
  "search",
  "list_packages",
  "package_releases",
  "release_urls",
  "release_data",
  "top_packages",
  "package_data",
  "package_urls",
]);

/** Answers one call. Every fault travels in HTTP 200, as PyPI's do. */
export async function xmlrpc(ask: Ask, catalogue: Catalogue): Promise<Answer> {
  const text = new TextDecoder().decode(await ask.body());
  try {
    const [method, parameters] = await new Deserializer().deserializeMethodCall(text);
    return dispatch(method, parameters, catalogue, text);
  } catch {
    return fault(-32700, "parse error; not well formed");
  }
}

function dispatch(method: string, parameters: unknown[], catalogue: Catalogue, text: string): Answer {
  switch (method) {
    case "changelog_last_serial":
      return xml(xmlResponse(xmlInt(catalogue.journal.head())));
    case "changelog_since_serial":
      return changelog(parameters, catalogue, text);
    case "list_packages_with_serial":
      return listWithSerial(catalogue);
    case "changelog":
      return fault(
        -32500,
        "ValueError: The changelog method has been deprecated, use changelog_since_serial instead.",
      );
    case "system.multicall":
      return fault(
        -32500,
        "ValueError: MultiCall requests have been deprecated, use individual requests instead.",
      );
    default:
      return refusal(method);
  }
}

function refusal(method: string): Answer {
  if (!retired.has(method)) return fault(-32601, "server error; requested method not found");
  return fault(
    -32500,
    `RuntimeError: PyPI no longer supports the XMLRPC ${method} method. Use the Simple API instead.`,
  );
}

/** Only an integer element will do: PyPI refuses a number sent as a string. */
function changelog(parameters: unknown[], catalogue: Catalogue, text: string): Answer {
  const [serial] = parameters;
  if (parameters.length !== 1 || typeof serial !== "number" || !/<(?:int|i4|i8)>/.test(text)) {
    return fault(-32602, "client error; serial: Input should be a valid integer");
  }
  return xml(xmlResponse(xmlArray(catalogue.journal.since(serial).map(rowXml))));
}

function rowXml({ name, version, timestamp, action, serial }: JournalRow): string {
  return xmlArray([
    xmlString(name),
    xmlString(version),
    xmlInt(timestamp),
    xmlString(sanitised(action)),
    xmlInt(serial),
  ]);
}

/** PyPI turns what is not ASCII in an action into the text of a character reference, before any escaping. */
function sanitised(action: string): string {
  if (/^[\x20-\x7e]*$/.test(action)) return action;
  return action
    .replace(/\p{Cc}/gu, (control) => (/[\t\n\r]/.test(control) ? control : ""))
    .replace(/[^\p{ASCII}]/gu, (character) => `&#${character.codePointAt(0)};`);
}

function listWithSerial(catalogue: Catalogue): Answer {
  const members = [...catalogue.projects].map(({ display, serial }) => [display, xmlInt(serial)] as const);
  return xml(xmlResponse(xmlStruct(members)));
}

function fault(code: number, text: string): Answer {
  return xml(xmlFault(code, text));
}

/** Over the limit: still HTTP 200. */
export function tooManyRequests(resetSeconds: number): Answer {
  const text = "The action could not be performed because there were too many requests by the client.";
  return fault(-32500, `HTTPTooManyRequests: ${text} Limit may reset in ${resetSeconds} seconds.`);
}

function xml(text: string): Answer {
  return answer(200, "text/xml; charset=UTF-8", text, {
    "RateLimit-Policy": '"xmlrpc.client";q=3600;w=3600;pk=:ip:',
    RateLimit: '"xmlrpc.client";r=3599;t=3600',
  });
}
