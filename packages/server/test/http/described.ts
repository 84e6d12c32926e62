import { Ajv2020 } from "ajv/dist/2020.js";
import { Client } from "./client.ts";

interface Operation {
  readonly operationId: string;
  readonly security?: readonly object[];
  readonly responses: Readonly<
    Record<string, { readonly description: string; readonly content?: Record<string, { schema?: object }> }>
  >;
}

/** The API's description, as far as these tests read it. */
export interface Description {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

/** Compares answers with the description. What an answer has and its schema has not is a fault, too. */
export class DescribedApi {
  readonly #api: Description;
  readonly #ajv = new Ajv2020({
    strict: false,
    formats: { "date-time": rfc3339, int64: { type: "number", validate: Number.isSafeInteger } },
  });
  /** Operations that have answered 2xx or 3xx, and the statuses of all. */
  readonly succeeded = new Set<string>();
  readonly statuses = new Set<string>();

  constructor(api: Description) {
    this.#api = api;
    this.#ajv.addSchema(closed(api), "api");
  }

  get operationIds(): readonly string[] {
    return Object.values(this.#api.paths).flatMap((path) => Object.values(path).map(({ operationId }) => operationId));
  }

  /** Take an answer for what it is described as. @throws {Error} for one that is not described */
  async check(method: string, path: string, answer: Response): Promise<void> {
    const [template, operation] = this.#find(method, path);
    const { status } = answer;
    const called = `${operation.operationId} ${status}`;
    this.statuses.add(called);
    if (status < 400) this.succeeded.add(operation.operationId);
    const response = operation.responses[status];
    if (response === undefined) throw new Error(`${called} is not described`);
    if (method === "HEAD" || status === 304) return;
    const type = answer.headers.get("content-type")?.split(";", 1)[0] ?? "";
    const known = response.content ?? {};
    if (!type.endsWith("json") || (known["application/json"] === undefined && "application/octet-stream" in known)) {
      if (Object.keys(known).length === 0 && (await answer.clone().text()) !== "")
        throw new Error(`${called} has a body`);
      return;
    }
    const at = [
      "paths",
      template,
      method.toLowerCase(),
      "responses",
      String(status),
      "content",
      "application/json",
      "schema",
    ];
    const pointer = at.map((name) => encodeURIComponent(name.replaceAll("~", "~0").replaceAll("/", "~1"))).join("/");
    const body: unknown = await answer.clone().json();
    const isValid = this.#ajv.validate({ $ref: `api#/${pointer}` }, body);
    if (!isValid) throw new Error(`${called}: ${this.#ajv.errorsText()} in ${JSON.stringify(body)}`);
  }

  #find(method: string, path: string): readonly [string, Operation] {
    const called = path.split("?", 1)[0] ?? "";
    const fits = (template: string): boolean => {
      const parts = template.split(/\{[^}]*\}/).map((part) => part.replaceAll(/[.]/g, "\\."));
      const rest = template.endsWith("{path}") ? ".+" : "[^/]+";
      return new RegExp(`^${parts.join(rest)}$`).test(called);
    };
    // A fixed path wins over one with a parameter.
    const found = Object.keys(this.#api.paths)
      .filter((template) => fits(template) && this.#api.paths[template]?.[method.toLowerCase()])
      .sort((one, other) => one.split("{").length - other.split("{").length)[0];
    const operation = this.#api.paths[found ?? ""]?.[method.toLowerCase()];
    if (found === undefined || operation === undefined) throw new Error(`"${method} ${path}" is not described`);
    return [found, operation];
  }
}

/** Objects that have no other fields than those that are described. */
function closed(api: Description): Description {
  return JSON.parse(
    JSON.stringify(api, (_name, value: unknown) => {
      const isObject = typeof value === "object" && value !== null && "properties" in value && "required" in value;
      return isObject ? { ...value, additionalProperties: false } : value;
    }),
  );
}

/** A client whose answers are all compared with the description. */
export class DescribedClient extends Client {
  readonly #api: DescribedApi;

  constructor(origin: string, headers: Readonly<Record<string, string>>, api: DescribedApi) {
    super(origin, headers);
    this.#api = api;
  }

  override async call(method: string, path: string, init: RequestInit = {}): Promise<Response> {
    const answer = await super.call(method, path, init);
    await this.#api.check(method, path, answer);
    return answer;
  }
}
