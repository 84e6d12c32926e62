import { decoder, isTransferError, type Schema } from "@naru/core";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { expect, test } from "vitest";
import * as build from "../../src/wire/schema.ts";

const ajv = new Ajv2020({ strict: false, formats: { md5: /^[0-9a-f]{32}$/i, folder: /^$|\/$/ } });

const words = fc.constantFrom("id", "size", "kind", "naru");
const leaf: fc.Arbitrary<Schema> = fc.oneof(
  fc.constant(build.text("")),
  fc.record({ minLength: fc.nat(2), maxLength: fc.integer({ min: 2, max: 4 }) }).map((rules) => build.text("", rules)),
  fc.constant(build.text("", { pattern: "^[a-z]+$" })),
  fc.constantFrom("md5" as const, "folder" as const).map((format) => build.textOf(format, "")),
  fc.record({ minimum: fc.nat(2), maximum: fc.integer({ min: 2, max: 9 }) }).map((rules) => build.whole("", rules)),
  fc.constant(build.whole("")),
  fc.constant(build.amount("")),
  fc.constant(build.flag("")),
  fc.constant(build.oneOf(["naru", "id"], "")),
);
const { schema: anySchema } = fc.letrec<{ schema: Schema }>((tie) => ({
  schema: fc.oneof(
    { maxDepth: 3 },
    leaf,
    tie("schema").map((items) => build.list(items, "", { maxItems: 3 })),
    tie("schema").map((values) => build.record(values, "")),
    tie("schema").map(build.nullable),
    fc
      .dictionary(words, fc.tuple(tie("schema"), fc.boolean()), { noNullPrototype: true })
      .chain((fields) => fc.constantFrom(build.object, build.closed).map((make) => make(fieldsOf(fields)))),
    fc
      .tuple(tie("schema"), tie("schema"))
      .map(([one, other]) =>
        build.choice("kind", [
          build.closed({ kind: build.only("id"), one }),
          build.object({ kind: build.only(true), other }),
        ]),
      ),
  ),
}));

function fieldsOf(fields: Readonly<Record<string, [Schema, boolean]>>): build.Fields {
  const entries = Object.entries(fields);
  return Object.fromEntries(
    entries.map(([name, [schema, isOptional]]) => [name, isOptional ? build.optional(schema) : schema]),
  );
}

const anyValue = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom(
    "id",
    "naru",
    "abc",
    "a/",
    "0CC175b9c0f1b6a831c399e269772661",
    "",
    0,
    1,
    2,
    -1,
    1.5,
    2 ** 31,
    true,
    null,
  ),
);

/** A value that mostly fits, so that both answers are common. */
function valueFor(schema: Schema): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 6, arbitrary: fitting(schema) }, { weight: 1, arbitrary: anyValue });
}

function fitting({
  type,
  properties,
  required = [],
  items,
  oneOf,
  anyOf,
  additionalProperties,
  const: only,
}: Schema): fc.Arbitrary<unknown> {
  const alternatives = oneOf ?? anyOf;
  if (alternatives !== undefined) return fc.constantFrom(...alternatives).chain(valueFor);
  if (only !== undefined) return fc.constant(only);
  if (type === "null") return fc.constant(null);
  if (type === "array") return fc.array(valueFor(items ?? {}), { maxLength: 4 });
  if (type !== "object") return anyValue;
  if (properties === undefined)
    return fc.dictionary(words, valueFor(additionalProperties || {}), { noNullPrototype: true });
  const fields = Object.fromEntries(Object.entries(properties).map(([name, field]) => [name, valueFor(field)]));
  const whole = fc.record(fields, { requiredKeys: [...required], noNullPrototype: true });
  return fc.oneof(
    { weight: 4, arbitrary: whole },
    { weight: 1, arbitrary: whole.map((value) => ({ ...value, more: 1 })) },
  );
}

/** Without optional fields that are null: a decoder takes them for absent. */
function withoutNulls(schema: Schema, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => withoutNulls(schema.items ?? {}, item));
  if (typeof value !== "object" || value === null) return value;
  const alternatives = schema.oneOf ?? schema.anyOf;
  if (alternatives !== undefined) {
    const kind = Reflect.get(value, "kind");
    const chosen = alternatives.find(({ type, properties }) =>
      schema.discriminator === undefined ? type !== "null" : properties?.["kind"]?.const === kind,
    );
    return withoutNulls(chosen ?? {}, value);
  }
  const { properties, required = [], additionalProperties } = schema;
  const entries = Object.entries(value).map(([name, item]): [string, unknown] => {
    const field = properties?.[name] ?? (additionalProperties || {});
    const isAbsent = item === null && properties?.[name] !== undefined && !required.includes(name) && !takesNull(field);
    return [name, isAbsent ? undefined : withoutNulls(field, item)];
  });
  return Object.fromEntries(entries.filter(([, item]) => item !== undefined));
}

function takesNull(schema: Schema): boolean {
  return schema.anyOf?.some((one) => one.type === "null" || takesNull(one)) === true;
}

const schemaAndValue = anySchema.chain((schema) => fc.tuple(fc.constant(schema), valueFor(schema)));

test("a decoder takes what a whole validator of JSON Schema takes, and nothing else", () => {
  const seen = { taken: 0, refused: 0 };
  fc.assert(
    fc.property(schemaAndValue, ([schema, value]) => {
      const taken = taking(schema, value);
      seen[taken ? "taken" : "refused"] += 1;
      expect(taken).toBe(ajv.validate(schema, withoutNulls(schema, value)));
    }),
    { numRuns: 700 },
  );
  expect(Math.min(seen.taken, seen.refused)).toBeGreaterThan(70);
});

function taking(schema: Schema, value: unknown): boolean {
  try {
    decoder(schema)(value);
    return true;
  } catch (error) {
    if (isTransferError(error)) return false;
    throw error;
  }
}

test("what is read twice is as what is read once", () => {
  fc.assert(
    fc.property(schemaAndValue, ([schema, value]) => {
      if (!taking(schema, value)) return;
      const once = decoder(schema)(value);
      expect(decoder(schema)(JSON.parse(JSON.stringify(once)))).toEqual(once);
    }),
  );
});

test("a refusal names the field, down to the item of a list", () => {
  const upload = build.closed({ parts: build.list(build.object({ number: build.whole("", { minimum: 1 }) }), "") });
  const refuse = (value: unknown, words: string): void =>
    expect(() => decoder(upload)(value)).toThrow(expect.objectContaining({ code: "invalid", message: words }));
  refuse({ parts: [{ number: 1 }, { number: 0 }] }, 'Cannot read "parts[1].number": it is 0');
  refuse({ parts: [{}] }, 'Cannot read "parts[0].number": it is missing');
  refuse({ parts: [], ["x".repeat(99)]: 1 }, `Cannot read "${"x".repeat(64)}": there is no such field`);
  refuse({ parts: 7 }, 'Cannot read "parts": it is not a list');
});

test("a name from outside is only a name", () => {
  const value: unknown = JSON.parse('{"__proto__": {"admin": true}, "constructor": 1}');
  expect(decoder(build.object({ user: build.optional(build.text("")) }))(value)).toEqual({});
  const read = decoder(build.record(build.anything(""), ""))(value);
  expect(Object.keys(read)).toEqual(["__proto__", "constructor"]);
  expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
});
