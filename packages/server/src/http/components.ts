import { formats, type Schema } from "@naru/core";

/** The schemas that messages have in the API's description, by their names. */
export class Components {
  readonly #schemas: Record<string, object> = {};

  /** What has been referred to. */
  get schemas(): Readonly<Record<string, object>> {
    return this.#schemas;
  }

  /** Describe a schema: by reference, when it is a message. */
  ref(schema: Schema): object {
    const { title } = schema;
    if (title === undefined) return this.#plain(schema);
    if (this.#schemas[title] === undefined) {
      // What refers to itself finds its name.
      this.#schemas[title] = {};
      this.#schemas[title] = this.#plain(schema);
    }
    return { $ref: `#/components/schemas/${title}` };
  }

  #plain(schema: Schema): object {
    const { properties, items, oneOf, anyOf, additionalProperties, format, description, ...rest } = schema;
    // `discriminator` would need a name for each alternative, which their constants tell apart as well.
    const { otherwise: _otherwise, discriminator: _discriminator, ...plain } = rest;
    const refs = (schemas: readonly Schema[]): object[] => schemas.map((one) => this.ref(one));
    return {
      ...plain,
      ...(schema.type === "integer" && { format: "int64" }),
      ...(format !== undefined && formatOf(format)),
      ...(description !== undefined && description !== "" && { description }),
      ...(properties !== undefined && { properties: this.#each(properties) }),
      ...(items !== undefined && { items: this.ref(items) }),
      ...(oneOf !== undefined && { oneOf: refs(oneOf) }),
      ...(anyOf !== undefined && { anyOf: refs(anyOf) }),
      ...(additionalProperties === false && { additionalProperties }),
      ...(additionalProperties && { additionalProperties: this.ref(additionalProperties) }),
    };
  }

  #each(properties: Readonly<Record<string, Schema>>): Record<string, object> {
    return Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, this.ref(schema)]));
  }
}

/** A format that JSON Schema knows by its name, ours by their pattern. */
function formatOf(format: NonNullable<Schema["format"]>): object {
  if (format === "date-time") return { format };
  const { pattern } = formats[format];
  return pattern === undefined ? { minLength: 1, maxLength: 1024 } : { pattern };
}
