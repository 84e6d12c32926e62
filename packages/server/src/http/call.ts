/**
 * A call of the API as data: what it takes, answers and how it can fail. Fastify gets its validation and its types from
 * it, the description (`openapi.ts`) its words.
 *
 * @module
 */

import type { Decoder, FailureCode, Schema } from "@naru/core";

/** A body that is not JSON. */
export interface Content {
  readonly mediaType: string;
  readonly description: string;
  /** Absent for bytes. */
  readonly form?: Schema;
  /** What is answered in JSON instead, when it is asked for. */
  readonly json?: Schema;
}

export type Answer = Schema | Content | "nothing";

export interface CallParts {
  readonly tag:
    | "Sign-in"
    | "Accounts"
    | "Uploads"
    | "Files"
    | "Folders"
    | "Sharing"
    | "Bin"
    | "Events"
    | "Agents"
    | "Server";
  readonly description?: string;
  /** In the path; `*` is the rest of it, slashes and all. */
  readonly params?: Schema;
  readonly query?: Schema;
  /** A body in JSON, read before the handler runs. */
  readonly body?: Schema;
  /** A body that the handler reads as it comes. */
  readonly streams?: Content;
  /** Headers that the handler reads, with what they mean. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly answers: Readonly<Record<number, Answer>>;
  /** Failures beyond those that every call may have. */
  readonly fails?: readonly FailureCode[];
}

export interface Call extends CallParts {
  readonly operationId: string;
  readonly summary: string;
}

type Asked<C extends CallParts, K extends "params" | "query" | "body"> = C[K] extends Schema ? C[K] : undefined;

/** What Fastify is told of a route. */
export interface CallSchema<C extends CallParts> {
  readonly call: Call;
  readonly params: Asked<C, "params">;
  readonly querystring: Asked<C, "query">;
  readonly body: Asked<C, "body">;
  readonly response: {
    readonly [S in keyof C["answers"]]: C["answers"][S] extends Content | "nothing" ? Schema : C["answers"][S];
  };
}

/** Describe a call. */
export function call<const C extends CallParts>(operationId: string, summary: string, parts: C): CallSchema<C> {
  const { params, query, body } = parts;
  const described: Call = { operationId, summary, ...parts };
  // Fastify warns of keys that are there without a value. What is answered is not filtered by its schema: that the two
  // agree is held by types and by a test.
  const schema = {
    call: described,
    ...(params !== undefined && { params }),
    ...(query !== undefined && { querystring: query }),
    ...(body !== undefined && { body }),
  };
  return schema as CallSchema<C>;
}

/** Bytes of any type. */
export function bytes(description: string): Content {
  return { mediaType: "application/octet-stream", description };
}

const readers = new WeakMap<object, Decoder<unknown>>();

/** Have a body read by a decoder of its own: one that looks further than its schema, or forgives more. */
export function readBy<T>(schema: Schema, decode: Decoder<T>): Schema<T> {
  const own: Schema<T> = { ...schema } as Schema<T>;
  readers.set(own, decode);
  return own;
}

/** The decoder that a schema is to be read by, where it is not the usual one. */
export function readerOf(schema: Schema): Decoder<unknown> | undefined {
  return readers.get(schema);
}
