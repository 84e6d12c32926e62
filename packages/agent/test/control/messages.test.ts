/**
 * Requests as the commands of 0.1.0 (November 2026) wrote them, and what the agent made of them: `{value, decoded}`, or
 * `refused` with the words. Since then a transfer has its name of the wire, `transfer`, in commands too.
 */

import { readFileSync } from "node:fs";
import { TransferError } from "@naru/core";
import { expect, test } from "vitest";
import { decodeRequest } from "../../src/control/messages.ts";

interface Recorded {
  readonly value: unknown;
  readonly decoded?: unknown;
  readonly refused?: string;
}

const file = new URL("recorded-requests.jsonl", import.meta.url);
const recorded = readFileSync(file, "utf8")
  .trimEnd()
  .split("\n")
  .map((line): Recorded => JSON.parse(line));

test.each(recorded)("the agent reads a request of the last version as it did: %j", ({ value, decoded, refused }) => {
  if (refused !== undefined) {
    expect(() => decodeRequest(value)).toThrow(new TransferError("invalid", refused));
    return;
  }
  const { id, body } = decodeRequest(value);
  // What is taken away is there, without a value.
  const shown = "change" in body ? { ...body, change: nulled(body.change) } : body;
  expect({ id, body: shown }).toEqual(decoded);
});

function nulled(change: object): object {
  return Object.fromEntries(Object.entries(change).map(([name, value]) => [name, value ?? null]));
}
