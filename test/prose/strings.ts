import { parseSync } from "vite";

/** A string of a source file that a person may read. */
export interface Text {
  readonly text: string;
  readonly start: number;
}

/** Find the strings of a TypeScript file that hold words: error texts, help, log lines, what the page shows. */
export function stringsIn(file: string, source: string): Text[] {
  const found: Text[] = [];
  collect(parseSync(file, source).program, found);
  return found.filter(({ text }) => /\p{L}{2,}\s+\S/u.test(text));
}

function collect(node: unknown, found: Text[]): void {
  if (Array.isArray(node)) for (const each of node) collect(each, found);
  else if (typeof node === "object" && node !== null) {
    const text = textOf(node);
    if (text !== undefined && "start" in node && typeof node.start === "number")
      found.push({ text, start: node.start });
    for (const child of Object.values(node)) collect(child, found);
  }
}

function textOf(node: object): string | undefined {
  const value = "value" in node ? node.value : undefined;
  if (!("type" in node)) return undefined;
  if (node.type === "Literal" && typeof value === "string") return value;
  if (node.type !== "TemplateElement" || typeof value !== "object" || value === null) return undefined;
  return "cooked" in value && typeof value.cooked === "string" ? value.cooked : undefined;
}
