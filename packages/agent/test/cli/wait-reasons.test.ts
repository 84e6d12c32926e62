import { expect, test } from "vitest";
import { reasonTeller } from "../../src/cli/wait-reasons.ts";
import type { TransferView } from "../../src/transfers/transfer-view.ts";

const view = (change: Partial<TransferView>): TransferView => ({
  id: "a",
  name: "a.bin",
  path: "a.bin",
  to: "sftp://h/",
  way: "direct",
  size: 10,
  state: "uploading",
  confirmed: 0,
  inFlight: 0,
  unfed: 0,
  held: 0,
  speed: 0,
  bytesSent: 0,
  parts: 0,
  partsSkipped: 0,
  created: 0,
  ...change,
});
const away = { code: "unreachable", message: "Cannot reach the server" } as const;
const full = { code: "no-space", message: "Cannot write the journal: the disk is full" } as const;

test("each reason to wait is said once, and what goes on or has ended says nothing", () => {
  const lines: string[] = [];
  const tell = reasonTeller((line) => lines.push(line));
  tell(view({}));
  for (let times = 0; times < 3; times++) tell(view({ state: "offline", error: away }));
  tell(view({ state: "uploading", error: full }));
  tell(view({ state: "scheduled" }));
  tell(view({ state: "paused" }));
  tell(view({ state: "paused" }));
  tell(view({ state: "failed", error: away }));
  tell(view({ id: "b", path: "b.bin", state: "offline", error: away }));
  expect(lines).toEqual([
    'waiting: "a.bin": Cannot reach the server',
    'waiting: "a.bin": Cannot write the journal: the disk is full',
    'waiting: "a.bin": it is outside the hours for sending',
    'waiting: "a.bin": it is paused',
    'waiting: "b.bin": Cannot reach the server',
  ]);
});
