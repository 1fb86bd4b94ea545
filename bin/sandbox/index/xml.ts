/** Text as an XML element's content. */
export function xmlText(text: string): string {
  if (!/[&<>]/.test(text)) return text;
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** The values of XML-RPC in the layout of Python's `xmlrpc.client.dumps`, which is what PyPI sends. */
export function xmlInt(value: number | null): string {
  return value === null ? "<value><nil/></value>" : `<value><int>${value}</int></value>\n`;
}

export function xmlString(value: string | null): string {
  return value === null ? "<value><nil/></value>" : `<value><string>${xmlText(value)}</string></value>\n`;
}

export function xmlArray(values: readonly string[]): string {
  return `<value><array><data>\n${values.join("")}</data></array></value>\n`;
}

export function xmlStruct(members: Iterable<readonly [string, string]>): string {
  const parts = [...members].map(
    ([name, value]) => `<member>\n<name>${xmlText(name)}</name>\n${value}</member>\n`,
  );
  return `<value><struct>\n${parts.join("")}</struct></value>\n`;
}

export function xmlResponse(value: string): string {
  return `<?xml version='1.0'?>\n<methodResponse>\n<params>\n<param>\n${value}</param>\n</params>\n</methodResponse>\n`;
}

export function xmlFault(code: number, text: string): string {
  const fault = xmlStruct([
    ["faultCode", xmlInt(code)],
    ["faultString", xmlString(text)],
  ]);
  return `<?xml version='1.0'?>\n<methodResponse>\n<fault>\n${fault}</fault>\n</methodResponse>\n`;
}
