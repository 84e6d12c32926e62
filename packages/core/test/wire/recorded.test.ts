/**
 * Messages of programs before the schemas (0.1.0 of November 2026), with what their decoders made of them: a line each,
 * `{decoder, value, decoded}`, `same: true` where both are alike, or `refused` with the words. (Three refusals have better words since: of a path
 * that is no text, of a door that is not known, of a ticket's file.)
 */

import { readFileSync } from "node:fs";
import * as core from "@naru/core";
import { isTransferError, TransferError } from "@naru/core";
import { expect, test } from "vitest";
import * as requests from "./request-decoders.ts";

interface Recorded {
  readonly decoder: string;
  readonly value?: unknown;
  readonly decoded?: unknown;
  readonly same?: true;
  readonly refused?: string;
}

const file = new URL("recorded-messages.jsonl", import.meta.url);
const recorded = readFileSync(file, "utf8")
  .trimEnd()
  .split("\n")
  .map((line): Recorded => JSON.parse(line));

function read({ decoder, value }: Recorded): unknown {
  const decode: unknown = Reflect.get(core, decoder) ?? Reflect.get(requests, decoder);
  if (typeof decode !== "function") throw new Error(`There is no ${decoder}`);
  return decode(value);
}

/** As JSON shows it; errors of single items as code and words. */
function shown(value: unknown): unknown {
  const asJson = (_name: string, field: unknown): unknown =>
    isTransferError(field) ? { code: field.code, message: field.message } : field;
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value, asJson));
}

test("messages of the last version are read as they were", () => {
  const taken = recorded.filter(({ refused }) => refused === undefined);
  expect(taken.length).toBeGreaterThan(100);
  for (const message of taken) {
    expect({ of: message, is: shown(read(message)) }).toEqual({
      of: message,
      is: message.same === true ? message.value : message.decoded,
    });
  }
});

test("what the last version refused is refused, in the same words", () => {
  const refused = recorded.filter((message) => message.refused !== undefined);
  expect(refused.length).toBeGreaterThan(200);
  for (const message of refused) {
    expect(() => read(message), JSON.stringify(message)).toThrow(new TransferError("invalid", message.refused ?? ""));
  }
});
