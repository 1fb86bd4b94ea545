export const simpleJson = "application/vnd.pypi.simple.v1+json";
export const simpleHtml = "application/vnd.pypi.simple.v1+html";
export const plainHtml = "text/html";

const offers = new Map([
  [simpleJson, simpleJson],
  [simpleHtml, simpleHtml],
  [plainHtml, plainHtml],
  ["application/vnd.pypi.simple.latest+json", simpleJson],
  ["application/vnd.pypi.simple.latest+html", simpleHtml],
]);

/**
 * Which form of a Simple page an asker gets. What the edge does not know, `application/json` and any wildcard
 * included, becomes HTML; nothing is refused. `?format=` goes before the Accept header.
 */
export function simpleFormat(accept: string | undefined, format: string | null): string {
  const asked = format === null ? undefined : offers.get(format);
  return asked ?? preferred(accept ?? "") ?? plainHtml;
}

function preferred(accept: string): string | undefined {
  const known = accept.split(",").flatMap((part) => {
    const [type = "", ...parameters] = part.split(";").map((piece) => piece.trim());
    const offer = offers.get(type.toLowerCase());
    return offer === undefined ? [] : [{ offer, weight: weightOf(parameters) }];
  });
  return known.filter(({ weight }) => weight > 0).sort((a, b) => b.weight - a.weight)[0]?.offer;
}

function weightOf(parameters: readonly string[]): number {
  const weight = parameters.find((parameter) => parameter.startsWith("q="));
  return weight === undefined ? 1 : Number(weight.slice(2));
}
