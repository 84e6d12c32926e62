/** A line of the log without the tokens of links (`/s/{token}`). */
export function withoutTokens(line: string): string {
  return line.replace(/(\/s\/)[A-Za-z0-9_-]{20,}/gu, "$1…");
}
