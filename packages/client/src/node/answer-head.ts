/**
 * The head of an answer in HTTP/1.1 (RFC 9112, 4 and 5) whose body has a length that is said beforehand (6.3, case 6).
 *
 * @module
 */

/** Status and headers of an answer. */
export interface AnswerHead {
  readonly status: number;
  readonly headers: Pick<Headers, "get">;
  /** Bytes of the body. */
  readonly length: number;
  /** Whether the connection can be asked again. */
  readonly keepsAlive: boolean;
}

const statusLine = /^HTTP\/1\.([01]) (\d{3})(?: .*)?$/;
const headerLine = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*(.*?)[ \t]*$/;
const bodiless: ReadonlySet<number> = new Set([204, 304]);

/** Read a head, up to its empty line. `undefined` for one of another form, such as that of a body in chunks. */
export function answerHead(text: string): AnswerHead | undefined {
  const [first = "", ...lines] = text.split(/\r?\n/);
  const [, minor, status] = statusLine.exec(first) ?? [];
  if (status === undefined) return undefined;
  const found = new Map<string, string>();
  for (const line of lines) {
    const [, name, value = ""] = headerLine.exec(line) ?? [];
    if (name === undefined) return undefined;
    const key = name.toLowerCase();
    const before = found.get(key);
    found.set(key, before === undefined ? value : `${before}, ${value}`);
  }
  const said = found.get("content-length");
  if (found.has("transfer-encoding") || (said !== undefined && !/^\d{1,15}$/.test(said))) return undefined;
  const isBodiless = bodiless.has(Number(status));
  if (said === undefined && !isBodiless) return undefined;
  const closes = /(?:^|,)[ \t]*close[ \t]*(?:,|$)/i.test(found.get("connection") ?? "");
  return {
    status: Number(status),
    headers: { get: (name) => found.get(name.toLowerCase()) ?? null },
    length: isBodiless ? 0 : Number(said),
    keepsAlive: minor === "1" && !closes,
  };
}
