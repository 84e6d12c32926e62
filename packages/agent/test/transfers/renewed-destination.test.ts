/** With which secret a transfer is tried again. */

import { join } from "node:path";
import { expect, test } from "vitest";
import { AgentJournal } from "../../src/journal.ts";
import type { Destination } from "../../src/transfers/destination.ts";
import { rememberKey } from "../../src/transfers/known-keys.ts";
import { renewedDestination } from "../../src/transfers/renewed-destination.ts";
import type { TransferEntry } from "../../src/transfers/transfer-table.ts";
import { tempFolder } from "../stores/temp-folder.ts";

const ann = { kind: "sftp", host: "h", port: 22, user: "ann", folder: "" } as const;
const entry = (created: number, to: Destination, error?: TransferEntry["error"]): TransferEntry => ({
  id: String(created),
  state: "failed",
  way: "direct",
  name: "a",
  path: "a",
  size: 1,
  modifiedMs: 1,
  confirmed: 0,
  created,
  to,
  error,
});
const refused = { code: "unauthenticated", message: "" } as const;

test("the newest secret that the same user has sent to the same server with is taken, unless it was refused", async () => {
  await using folder = await tempFolder();
  using journal = new AgentJournal(join(folder.path, "agent.db"));
  const others = [
    entry(1, { ...ann, password: "older" }),
    entry(4, { ...ann, folder: "/b/", password: "right" }),
    entry(3, { ...ann, password: "between" }),
    entry(5, { ...ann, password: "refused" }, refused),
    entry(6, ann),
    entry(7, { ...ann, user: "bob", password: "bob's" }),
    entry(8, { ...ann, port: 23, password: "another server's" }),
    entry(9, { ...ann, password: "of one upload", granted: true }),
  ];
  const asked = entry(2, { ...ann, folder: "/a/", password: "wrong", hostKey: "old" }, refused);
  const renewed = () => renewedDestination(asked, { journal, others: [...others, asked] });
  expect(renewed()).toMatchObject({ folder: "/a/", password: "right", hostKey: "old" });
  rememberKey(journal, ann, "new");
  expect(renewed()).toMatchObject({ password: "right", hostKey: "new" });
  const granted = entry(2, { ...ann, password: "its own", granted: true });
  expect(renewedDestination(granted, { journal, others })).toMatchObject({ password: "its own" });
});

test("a newer token goes to the same site only", async () => {
  await using folder = await tempFolder();
  using journal = new AgentJournal(join(folder.path, "agent.db"));
  const site = (origin: string, token: string): Destination => ({
    kind: "naru",
    origin,
    folder: "",
    route: "auto",
    auth: { kind: "bearer", token },
  });
  const others = [entry(2, site("https://a.example", "new")), entry(3, site("https://b.example", "other"))];
  const renewed = renewedDestination(entry(1, site("https://a.example", "old"), refused), { journal, others });
  expect(renewed).toEqual(site("https://a.example", "new"));
});
