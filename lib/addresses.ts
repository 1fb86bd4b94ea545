/** Parsed when it is a plain http(s) address: no credentials, query or fragment. */
function plain(text: string): URL | null {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) return null;
  return url.username === "" && url.password === "" && url.hash === "" ? url : null;
}

export const isHttps = (text: string): boolean => plain(text)?.protocol === "https:";

/** Whether an address can only be that of the machine it is used on: for tests, where there is no TLS. */
export function isLoopback(text: string): boolean {
  const host = plain(text)?.hostname ?? "";
  return host === "localhost" || host === "[::1]" || /^127(\.\d+){3}$/.test(host);
}

/** Where `simple/` and `pypi` may be put at the end: http(s) without a query, and not yet with pip's `/simple`. */
export function isIndex(text: string): boolean {
  const url = plain(text);
  if (url === null || url.search !== "" || /\/simple\/*$/i.test(url.pathname)) return false;
  return isHttps(text) || isLoopback(text);
}

/** An address without a path, a query or a fragment: https, or http on loopback. */
export function isOrigin(text: string): boolean {
  const url = plain(text);
  return url !== null && [url.origin, `${url.origin}/`].includes(text) && (isHttps(text) || isLoopback(text));
}

/** Where paths may be put at the end. */
export function isPublic(text: string): boolean {
  const url = plain(text);
  if (url === null || text.endsWith("/") || /[?#]/.test(text)) return false;
  return isHttps(text) || isLoopback(text);
}

export const isEmail = (text: string): boolean => /^[^\s@,<>()]+@[^\s@,<>()]+\.[^\s@,<>()]+$/.test(text);

/** Goes into a header as it is, so it has nothing that a header does not take. */
export const isContact = (text: string): boolean =>
  /^[\x21-\x7e]+$/.test(text) && (isEmail(text) || isHttps(text));

/** E.164. */
export const isTelephone = (text: string): boolean => /^\+[1-9]\d{6,14}$/.test(text);
