/**
 * Schemas of messages: each is plain JSON Schema (draft 2020-12, as OpenAPI 3.1 has it) that also carries the type of
 * what its decoder returns. Type, decoder (`decoder.ts`) and the API's description are derived from it.
 *
 * Builders are free of side effects and say so, so that a page is bundled with the schemas it reads and no others.
 *
 * @module
 */

declare const decoded: unique symbol;

/** A JSON schema whose decoder returns a `T`. */
export interface Schema<T = unknown> {
  readonly type?: "object" | "array" | "string" | "integer" | "number" | "boolean" | "null";
  /** The name of a message: it becomes a component of the API's description. */
  readonly title?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  /** `false` refuses fields that are not in `properties`; a schema is that of a record's values. */
  readonly additionalProperties?: false | Schema;
  readonly items?: Schema;
  readonly maxItems?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly format?: FormatName;
  readonly enum?: readonly string[];
  readonly const?: string | boolean;
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly discriminator?: { readonly propertyName: string };
  /** What a word that is not in `enum` is read as. The description leaves it out. */
  readonly otherwise?: string;
  /** Never there: it only carries the type. */
  readonly [decoded]?: T;
}

/** Texts of a certain form; `formats.ts` reads them. */
export type FormatName = "date-time" | "md5" | "crc64" | "path" | "folder" | "media-type" | "http-url" | "pairing-code";

/** The type that a schema's decoder returns. */
export type Decoded<S> = S extends Schema<infer T> ? T : never;

/** A field that may be absent. `null` counts as absent, unless the field's own schema takes it. */
export interface Optional<T> {
  readonly optional: Schema<T>;
}

type Field = Schema | Optional<unknown>;
export type Fields = Readonly<Record<string, Field>>;
type OptionalNames<F extends Fields> = { [N in keyof F]: F[N] extends Optional<unknown> ? N : never }[keyof F];

/** The type of an object with these fields. */
export type Shape<F extends Fields> = {
  readonly [N in Exclude<keyof F, OptionalNames<F>>]: Decoded<F[N]>;
} & {
  readonly [N in OptionalNames<F>]?: (F[N] extends Optional<infer T> ? T : never) | undefined;
} extends infer T
  ? { [N in keyof T]: T[N] }
  : never;

/** Constraints of a text. */
export interface TextRules {
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
}

/** A text. */
/* @__NO_SIDE_EFFECTS__ */
export function text(description: string, rules: TextRules = {}): Schema<string> {
  return { type: "string", description, ...rules };
}

/** A text of a certain form. */
/* @__NO_SIDE_EFFECTS__ */
export function textOf(format: Exclude<FormatName, "media-type">, description: string): Schema<string> {
  return { type: "string", format, description };
}

/** A media type. An empty one is `undefined`: browsers say it of files they do not know. */
/* @__NO_SIDE_EFFECTS__ */
export function mediaType(description: string): Schema<string | undefined> {
  return { type: "string", format: "media-type", description };
}

/** A whole number, from 0 unless `minimum` says otherwise; always one that is safe to compute with. */
/* @__NO_SIDE_EFFECTS__ */
export function whole(
  description: string,
  { minimum = 0, maximum = Number.MAX_SAFE_INTEGER }: { readonly minimum?: number; readonly maximum?: number } = {},
): Schema<number> {
  return { type: "integer", description, minimum, maximum };
}

/** A number from 0, perhaps with a fraction. */
/* @__NO_SIDE_EFFECTS__ */
export function amount(description: string): Schema<number> {
  return { type: "number", description, minimum: 0 };
}

/** True or false. */
/* @__NO_SIDE_EFFECTS__ */
export function flag(description: string): Schema<boolean> {
  return { type: "boolean", description };
}

/** One value and no other; tells the messages of a choice apart. */
/* @__NO_SIDE_EFFECTS__ */
export function only<const T extends string | boolean>(value: T): Schema<T> {
  return { type: typeof value === "string" ? "string" : "boolean", const: value };
}

/** One of a few words; with `otherwise`, a word of a newer program is read as that one. */
/* @__NO_SIDE_EFFECTS__ */
export function oneOf<const T extends string>(
  words: readonly T[],
  description: string,
  { otherwise }: { readonly otherwise?: NoInfer<T> } = {},
): Schema<T> {
  return { type: "string", description, enum: words, ...(otherwise !== undefined && { otherwise }) };
}

/** A list of items. */
/* @__NO_SIDE_EFFECTS__ */
export function list<T>(
  items: Schema<T>,
  description: string,
  { maxItems }: { readonly maxItems?: number } = {},
): Schema<readonly T[]> {
  return { type: "array", description, items, ...(maxItems !== undefined && { maxItems }) };
}

/** An object whose keys are not known beforehand. */
/* @__NO_SIDE_EFFECTS__ */
export function record<T>(values: Schema<T>, description: string): Schema<Readonly<Record<string, T>>> {
  return { type: "object", description, additionalProperties: values };
}

/** A field that may be absent. */
/* @__NO_SIDE_EFFECTS__ */
export function optional<T>(schema: Schema<T>): Optional<T> {
  return { optional: schema };
}

/** A value or `null`. */
/* @__NO_SIDE_EFFECTS__ */
export function nullable<T>(schema: Schema<T>): Schema<T | null> {
  return { anyOf: [schema, { type: "null" }] };
}

/** Anything that JSON can say. */
/* @__NO_SIDE_EFFECTS__ */
export function anything(description: string): Schema<unknown> {
  return { description };
}

/** An object. Fields that are not known are ignored, so that whoever answers may grow. */
/* @__NO_SIDE_EFFECTS__ */
export function object<F extends Fields>(fields: F): Schema<Shape<F>> {
  const properties: Record<string, Schema> = {};
  const required: string[] = [];
  for (const [name, field] of Object.entries(fields)) {
    if (!("optional" in field)) required.push(name);
    properties[name] = "optional" in field ? field.optional : field;
  }
  return { type: "object", required, properties };
}

/** An object without other fields: what is asked is read strictly, so that a misspelt field is not overlooked. */
/* @__NO_SIDE_EFFECTS__ */
export function closed<F extends Fields>(fields: F): Schema<Shape<F>> {
  return { ...object(fields), additionalProperties: false };
}

/** Fields and some more. A spread would do, but a bundler keeps what is spread. */
/* @__NO_SIDE_EFFECTS__ */
export function extended<F extends Fields, G extends Fields>(fields: F, more: G): F & G {
  return { ...fields, ...more };
}

/** Give a schema the name of a message. */
/* @__NO_SIDE_EFFECTS__ */
export function message<T>(title: string, description: string, schema: Schema<T>): Schema<T> {
  return { ...schema, title, description };
}

/** One of several objects, told apart by a field of one value each. */
/* @__NO_SIDE_EFFECTS__ */
export function choice<const S extends readonly Schema[]>(propertyName: string, oneOf: S): Schema<Decoded<S[number]>> {
  return { oneOf, discriminator: { propertyName } };
}

/** One of several objects, told apart by their required fields: it is the first that has all of its own. */
/* @__NO_SIDE_EFFECTS__ */
export function either<const S extends readonly Schema[]>(...anyOf: S): Schema<Decoded<S[number]>> {
  return { anyOf };
}
