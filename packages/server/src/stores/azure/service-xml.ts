/** The service's answers in XML: flat lists of named texts, which need no more than this. */

/** The text inside the first element of this name; `undefined` where there is none. */
export function textIn(xml: string, name: string): string | undefined {
  const [inner] = elementsIn(xml, name);
  return inner === undefined ? undefined : decodeXml(inner);
}

/** What is inside each element of this name, still encoded. Elements of one name do not lie in one another here. */
export function elementsIn(xml: string, name: string): readonly string[] {
  const found = xml.matchAll(new RegExp(`<${name}(?:\\s[^>]*)?(?:/>|>([\\s\\S]*?)</${name}>)`, "g"));
  return [...found].map(([, inner = ""]) => inner);
}

/** Write a text for XML. */
export function encodeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

const named: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** Read a text of XML; references to characters that XML 1.0 does not know are read, too. */
export function decodeXml(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex, decimal, name) => {
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
    if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
    return named[name] ?? whole;
  });
}
