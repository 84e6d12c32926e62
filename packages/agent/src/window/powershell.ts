/** Scripts for Windows' own shell. */

/** Write the arguments that run a script; what it is given is data to it (`$args`), never part of it. */
export function powershell(script: string, ...values: readonly string[]): readonly string[] {
  const text = `& {${script}} ${values.map(quoted).join(" ")}`;
  return ["-NoProfile", "-EncodedCommand", Buffer.from(text, "utf16le").toString("base64")];
}

/** A string of PowerShell in which nothing is looked into; it takes typographic quotes for quotes too. */
function quoted(text: string): string {
  return `'${text.replaceAll(/['\u2018-\u201b]/g, "$&$&")}'`;
}
