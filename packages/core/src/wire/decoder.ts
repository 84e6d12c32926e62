/**
 * Reading JSON that came from elsewhere, by its schema: what is not as the schema says is refused with the field's name,
 * what the schema does not know is left out (or refused, where the schema is closed).
 *
 * It reads the subset of JSON Schema that `schema.ts` can build; a test compares it with a whole validator.
 *
 * @module
 */

import { formats } from "./formats.ts";
import type { Schema } from "./schema.ts";
import { unreadable } from "./unreadable.ts";

/** Read a value. `what` names it in errors. @throws {TransferError} `invalid`, with the name of the field */
export type Decoder<T> = (value: unknown, what?: string) => T;

/** Make the decoder of a schema. */
/* @__NO_SIDE_EFFECTS__ */
export function decoder<T>(schema: Schema<T>): Decoder<T> {
  // A schema carries the type of what is read by it.
  return (value, what = "") => read(schema, value, what) as T;
}

function read(schema: Schema, value: unknown, what: string): unknown {
  if (schema.oneOf !== undefined)
    return readTagged(schema.discriminator?.propertyName ?? "", schema.oneOf, value, what);
  if (schema.anyOf !== undefined) return readEither(schema.anyOf, value, what);
  switch (schema.type) {
    case "object":
      return readObject(schema, value, what);
    case "array":
      return readList(schema, value, what);
    case "string":
      return readText(schema, value, what);
    case "integer":
    case "number":
      return readNumber(schema, value, what);
    case "boolean":
      if (typeof value !== "boolean") throw unreadable(what, "it is not true or false");
      if (schema.const !== undefined && schema.const !== value) throw unreadable(what, `it is not ${schema.const}`);
      return value;
    case "null":
      if (value !== null) throw unreadable(what, "it is not null");
      return value;
    default:
      return value;
  }
}

function readObject(schema: Schema, value: unknown, what: string): object {
  const given = objectOf(value, what);
  const { properties = {}, required = [], additionalProperties } = schema;
  if (additionalProperties !== false && additionalProperties !== undefined) {
    const entries = Object.entries(given);
    return Object.fromEntries(
      entries.map(([name, item]) => [name, read(additionalProperties, item, field(what, name))]),
    );
  }
  if (additionalProperties === false) {
    const stray = Object.keys(given).find((name) => !Object.hasOwn(properties, name));
    if (stray !== undefined) throw unreadable(field(what, stray.slice(0, 64)), "there is no such field");
  }
  const found: Record<string, unknown> = {};
  // Nothing is made here that is not needed: listings have thousands of these.
  for (const name in properties) {
    const property = properties[name];
    const item = Object.hasOwn(given, name) ? given[name] : undefined;
    if (property === undefined) continue;
    if (item === undefined || item === null) {
      const isRequired = required.includes(name);
      if (item === undefined && isRequired) throw unreadable(field(what, name), "it is missing");
      if (item === undefined || !(isRequired || takesNull(property))) continue;
    }
    const decoded = read(property, item, field(what, name));
    if (decoded !== undefined) found[name] = decoded;
  }
  return found;
}

function objectOf(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw unreadable(what, "it is not an object");
  }
  // Any object can be asked for fields; what they are is not known.
  return value as Readonly<Record<string, unknown>>;
}

const patterns = new Map<string, RegExp>();

/** Whether a text has a form; each form is compiled once. */
function matches(pattern: string, text: string): boolean {
  let form = patterns.get(pattern);
  if (form === undefined) {
    form = new RegExp(pattern, "u");
    patterns.set(pattern, form);
  }
  return form.test(text);
}

function field(what: string, name: string): string {
  return what === "" ? name : `${what}.${name}`;
}

function takesNull({ type, oneOf, anyOf }: Schema): boolean {
  return type === "null" || anyOf?.some(takesNull) === true || (type ?? oneOf ?? anyOf) === undefined;
}

function readList({ items = {}, maxItems }: Schema, value: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(value)) throw unreadable(what, "it is not a list");
  if (maxItems !== undefined && value.length > maxItems) throw unreadable(what, `it has more than ${maxItems} items`);
  return value.map((item: unknown, index) => read(items, item, `${what}[${index}]`));
}

function readText(schema: Schema, value: unknown, what: string): string | undefined {
  const { minLength = 0, maxLength = Number.POSITIVE_INFINITY, pattern, format, otherwise } = schema;
  const words = schema.const === undefined ? schema.enum : [String(schema.const)];
  const word = words?.find((one) => one === value);
  if (word !== undefined) return word;
  if (words !== undefined && otherwise === undefined) throw unreadable(what, `it is not one of ${words.join(", ")}`);
  if (typeof value !== "string") throw unreadable(what, "it is not a text");
  if (otherwise !== undefined) return otherwise;
  if (value.length < minLength) throw unreadable(what, value === "" ? "it is empty" : "it is too short");
  if (value.length > maxLength) throw unreadable(what, "it is too long");
  if (pattern !== undefined && !matches(pattern, value)) throw unreadable(what, "it has another form");
  if (format === undefined) return value;
  const form = formats[format];
  if (form.pattern !== undefined && !matches(form.pattern, value)) throw unreadable(what, form.why ?? "");
  return form.read === undefined ? value : form.read(value, what);
}

function readNumber({ type, minimum, maximum }: Schema, value: unknown, what: string): number {
  const kind =
    type === "number"
      ? "an amount"
      : `a whole number${minimum === undefined ? "" : " from 0"} that is safe to compute with`;
  const fits = typeof value === "number" && (type === "number" ? Number.isFinite(value) : Number.isSafeInteger(value));
  if (!fits || (minimum !== undefined && value < 0)) throw unreadable(what, `it is not ${kind}`);
  if (minimum !== undefined && value < minimum)
    throw unreadable(what, value === 0 ? "it is 0" : `it is less than ${minimum}`);
  if (maximum !== undefined && value > maximum) throw unreadable(what, `it is more than ${maximum}`);
  return value;
}

function readEither(alternatives: readonly Schema[], value: unknown, what: string): unknown {
  if (value === null && alternatives.some(takesNull)) return null;
  const others = alternatives.filter(({ type }) => type !== "null");
  return read(others.find((one) => hasRequired(one, value)) ?? others.at(-1) ?? {}, value, what);
}

/** A choice by a field: an error is of that field, or of the one message that it names. */
function readTagged(tag: string, alternatives: readonly Schema[], value: unknown, what: string): unknown {
  const fields = objectOf(value, what);
  const given = Object.hasOwn(fields, tag) ? fields[tag] : undefined;
  if (given === undefined) throw unreadable(field(what, tag), "it is missing");
  const chosen = alternatives.find((one) => wordsOf(one, tag).includes(given));
  if (chosen !== undefined) return read(chosen, value, what);
  const words = alternatives.flatMap((one) => wordsOf(one, tag));
  if (words.includes(true)) throw unreadable(field(what, tag), "it is not true or false");
  return readText({ enum: words.map(String) }, given, field(what, tag));
}

function wordsOf({ properties }: Schema, tag: string): readonly unknown[] {
  const schema = properties?.[tag];
  return schema?.const === undefined ? (schema?.enum ?? []) : [schema.const];
}

function hasRequired({ required, type }: Schema, value: unknown): boolean {
  if (type !== "object" || typeof value !== "object" || value === null) return false;
  return (required ?? []).every((name) => (Reflect.get(value, name) ?? undefined) !== undefined);
}
