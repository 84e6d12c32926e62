/**
 * An agent and the page that feeds it, as one process that a test kills: DATA FILE DESTINATION (as JSON). It begins, or
 * goes on with what its journal has, and ends with the transfer.
 */

import { readFile, stat } from "node:fs/promises";
import { crc64 } from "@naru/core";
import { startAgent } from "../../src/agent.ts";
import type { Spool } from "../../src/spool/spool.ts";
import type { TransferView } from "../../src/transfers/transfer-view.ts";
import { feed } from "../spool/feeder.ts";
import { inState, when } from "./far-side.ts";

const [, , dataDir = "", file = "", to = "", spoolLimit = ""] = process.argv;
const agent = await startAgent({ dataDir, headless: true, log: () => undefined, pages: { ports: [0] } });
const { transfers } = agent;
await transfers.change({ spoolLimit: Number(spoolLimit) });
const bytes = await readFile(file);
const facts = { name: "fed.bin", size: bytes.length, modifiedMs: Math.trunc((await stat(file)).mtimeMs) };
const { id, spool } = await transferOf();
let told = 0;
transfers.onEvent(({ transfer: { confirmed } }) => {
  if (confirmed > told) console.log(`confirmed ${confirmed}`);
  told = Math.max(told, confirmed);
});
const feeding = spool === undefined ? undefined : feed(spool, bytes);
// It has ended when nothing is left to feed to.
feeding?.catch(() => undefined);
const view = await when(transfers, id, inState("done", "failed"));
console.log(JSON.stringify(view));
await agent.close();

async function transferOf(): Promise<{ id: string; spool: Spool | undefined }> {
  const [known]: readonly TransferView[] = transfers.list();
  if (known === undefined) {
    const { transfer, spool } = await transfers.receive({ file: facts, to: JSON.parse(to) });
    return { id: transfer.id, spool };
  }
  const spool = transfers.spoolOf(known.id);
  spool?.match(
    facts,
    spool.proofs().map(({ start, end }) => ({ start, end, crc64: crc64(bytes.subarray(start, end)) })),
  );
  return { id: known.id, spool };
}
