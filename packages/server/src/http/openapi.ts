/**
 * The API's description in OpenAPI 3.1, put together from the calls that are there. Schemas are those of the messages,
 * which decoders read by: OpenAPI 3.1 takes JSON Schema as it is.
 *
 * @module
 */

import { type FailureCode, type Schema, statusOf, wireError } from "@naru/core";
import type { Answer, Call, Content } from "./call.ts";
import { Components } from "./components.ts";

/** A call and where it is. */
export interface Route {
  readonly method: string;
  /** As Fastify writes it: `/api/uploads/:id`, `/api/files/*`. */
  readonly url: string;
  /** Anyone may call. */
  readonly open: boolean;
  readonly call: Call;
}

/** What every call may answer, and what every call that is not open. */
const common: readonly FailureCode[] = ["invalid", "throttled", "internal", "unreachable", "unavailable"];
const closed: readonly FailureCode[] = ["unauthenticated", "forbidden"];

/** Describe the calls. */
export function openapi(routes: readonly Route[]): object {
  const components = new Components();
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes) {
    const path = route.url.replace(/:(\w+)/gu, "{$1}").replace("*", "{path}");
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route, components) };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Naru",
      version: "1",
      description: "Carries very large files into object storage. Sizes are bytes; moments are ISO 8601 in UTC.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: "/" }],
    security: [{ session: [] }, { token: [] }, { basic: [] }],
    paths,
    components: {
      schemas: components.schemas,
      securitySchemes: {
        session: { type: "apiKey", in: "cookie", name: "naru-session", description: "What signing in sets." },
        token: { type: "http", scheme: "bearer", description: "An API token, an agent's or one for a single upload." },
        basic: { type: "http", scheme: "basic", description: "An account's name and password." },
      },
    },
  };
}

function operation({ call, open, method }: Route, components: Components): object {
  const {
    operationId,
    summary,
    description,
    tag,
    params,
    query,
    headers = {},
    body,
    streams,
    answers,
    fails = [],
  } = call;
  const parameters = [
    ...parametersOf("path", params, components),
    ...parametersOf("query", query, components),
    ...Object.entries(headers).map(([name, words]) => ({
      name,
      in: "header",
      description: words,
      schema: { type: "string" },
    })),
  ];
  const failures = [...common, ...(open ? [] : closed), ...fails];
  return {
    operationId,
    summary,
    ...(description !== undefined && { description }),
    tags: [tag],
    ...(open && { security: [] }),
    ...(parameters.length > 0 && { parameters }),
    ...(body !== undefined && { requestBody: { required: true, ...json(components.ref(body)) } }),
    ...(streams !== undefined && { requestBody: { required: true, ...content(streams, components) } }),
    responses: { ...successes(answers, components), ...errors(failures, method, components) },
  };
}

function parametersOf(where: "path" | "query", schema: Schema | undefined, components: Components): object[] {
  const required = new Set(schema?.required ?? []);
  return Object.entries(schema?.properties ?? {}).map(([name, property]) => {
    const { description, ...rest } = property;
    return {
      name: name === "*" ? "path" : name,
      in: where,
      required: where === "path" || required.has(name),
      ...(description !== undefined && { description }),
      schema: components.ref(rest),
    };
  });
}

function json(schema: object): object {
  return { content: { "application/json": { schema } } };
}

function content({ mediaType, description, form, json: instead }: Content, components: Components): object {
  const schema = form === undefined ? {} : { schema: components.ref(form) };
  const other = instead === undefined ? {} : { "application/json": { schema: components.ref(instead) } };
  return { description, content: { [mediaType]: schema, ...other } };
}

function successes(answers: Call["answers"], components: Components): Record<string, object> {
  return Object.fromEntries(Object.entries(answers).map(([status, answer]) => [status, success(answer, components)]));
}

function success(answer: Answer, components: Components): object {
  if (answer === "nothing") return { description: "Done; without a body." };
  if ("mediaType" in answer) return content({ ...answer, form: answer.form ?? raw(answer) }, components);
  return { description: answer.description ?? "", ...json(components.ref(answer)) };
}

/** Bytes, for generators: without a schema they would take all that is answered for unknown. */
function raw({ mediaType }: Content): Schema {
  const schema: Schema & { readonly contentMediaType: string } = { type: "string", contentMediaType: mediaType };
  return schema;
}

function errors(codes: readonly FailureCode[], method: string, components: Components): Record<string, object> {
  const byStatus = new Map<number, FailureCode[]>();
  for (const code of new Set(codes)) {
    const status = statusOf[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  const body = method === "HEAD" ? {} : json(components.ref(wireError));
  return Object.fromEntries(
    [...byStatus].map(([status, names]) => [status, { description: `Failed: ${names.join(", ")}.`, ...body }]),
  );
}
