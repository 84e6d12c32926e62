/** Compares a file of settings with its schema: all that is wrong with it at once, each with what to write instead. */

import type { Schema } from "@naru/core";

export type SettingPath = readonly (string | number)[];

/** What is wrong with a file, and where. */
export interface SettingProblem {
  readonly path: SettingPath;
  readonly why: string;
}

/** Find all that a schema refuses. */
export function checkSettings(schema: Schema, value: unknown, path: SettingPath = []): readonly SettingProblem[] {
  const fits = schema.anyOf?.find((one) => one.type === jsonType(value)) ?? schema.anyOf?.at(-1) ?? schema;
  if (fits.type !== undefined && jsonType(value) !== fits.type) {
    const types = (schema.anyOf ?? [schema]).map(({ type = "" }) => typeNames[type] ?? type);
    return [{ path, why: `it is not ${[...new Set(types)].join(" or ")}${hintOf(fits)}` }];
  }
  if (Array.isArray(value)) {
    const { items = {} } = fits;
    return value.flatMap((item: unknown, index) => checkSettings(items, item, [...path, index]));
  }
  if (typeof value === "object" && value !== null) return checkFields(fits, value, path);
  return checkScalar(fits, value, path);
}

const typeNames: Readonly<Record<string, string>> = {
  object: "a group of settings",
  array: "a list",
  string: "a text",
  integer: "a whole number",
  boolean: "true or false",
};

function jsonType(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value === "number") return Number.isSafeInteger(value) ? "integer" : "number";
  return typeof value;
}

function checkFields(schema: Schema, value: object, path: SettingPath): readonly SettingProblem[] {
  const { properties = {}, required = [], additionalProperties } = schema;
  const names = Object.keys(properties);
  const missing = required
    .filter((name) => !Object.hasOwn(value, name))
    .map((name) => ({ path, why: `"${name}" is missing${hintOf(properties[name] ?? {})}` }));
  const wrong = Object.entries(value).flatMap(([name, item]) => {
    const found = Object.hasOwn(properties, name) ? properties[name] : additionalProperties || undefined;
    const here = [...path, name];
    if (found !== undefined) return checkSettings(found, item, here);
    const near = nearest(name, names);
    const instead = near === undefined ? `there are ${names.join(", ")}` : `did you mean "${near}"?`;
    return [{ path: here, why: `there is no such setting; ${instead}` }];
  });
  return [...wrong, ...missing];
}

function checkScalar(schema: Schema, value: unknown, path: SettingPath): readonly SettingProblem[] {
  const { enum: words, maximum, minimum, minLength = 0, pattern } = schema;
  const hint = hintOf(schema);
  if (words !== undefined && !words.some((word) => word === value))
    return [{ path, why: `it is not one of ${words.join(", ")}` }];
  if (typeof value === "string") {
    const isWrong = value.length < minLength || (pattern !== undefined && !new RegExp(pattern, "u").test(value));
    // What stands where a key's variable belongs, or before an `@`, may be the key.
    const isSecret = path.includes("credentials") || value.includes("@");
    return isWrong ? [{ path, why: `${isSecret ? "it" : `"${value}"`} has another form${hint}` }] : [];
  }
  if (typeof value !== "number") return [];
  const isOutside = (minimum !== undefined && value < minimum) || (maximum !== undefined && value > maximum);
  return isOutside ? [{ path, why: `it is not from ${minimum} to ${maximum}${hint}` }] : [];
}

function hintOf({ description, properties }: Schema): string {
  const hint = description ?? (properties && `with ${Object.keys(properties).join(", ")}`);
  return hint === undefined ? "" : ` (${hint.replace(/\.$/u, "")})`;
}

/** What was probably meant: the same letters in another case, or two slips of the finger at most. */
function nearest(name: string, names: readonly string[]): string | undefined {
  const ranked = names.map((one) => ({ one, slips: slipsBetween(name.toLowerCase(), one.toLowerCase()) }));
  return ranked.filter(({ slips }) => slips <= 2).sort((one, other) => one.slips - other.slips)[0]?.one;
}

function slipsBetween(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (const [at, letter] of [...one].entries()) {
    const next = [at + 1];
    for (const [column, mark] of [...other].entries()) {
      const kept = (row[column] ?? 0) + (letter === mark ? 0 : 1);
      next.push(Math.min(kept, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

/** Write a path as people do: `sftp.listen`, `mounts./videos`, `origins[1]`. */
export function shown(path: SettingPath): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === "number") return `${text}[${step}]`;
    return text === "" ? step : `${text}.${step}`;
  }, "");
}
