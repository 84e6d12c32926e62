/**
 * An `sftp-server` of ours over a folder, on standard input and output: `sftp -D "node stdio-server.ts FOLDER"`.
 *
 * @module
 */

import { openDatabase } from "../../src/database/database.ts";
import { createGateway } from "../../src/gateway/gateway.ts";
import { memoryLocks } from "../../src/locks/memory-locks.ts";
import { silentLog } from "../../src/logger.ts";
import { serveSftp } from "../../src/sftp/sftp-session.ts";
import { streamWire } from "../../src/sftp/sftp-wire.ts";
import { fileStore } from "../../src/stores/file/file-store.ts";
import { openCatalogue } from "../../src/uploads/open-catalogue.ts";

const [, , folder = ""] = process.argv;
const wire = streamWire(process.stdin, process.stdout);
const db = openDatabase(":memory:");
const store = await fileStore(folder);
const ground = { store, now: Date.now, log: silentLog() };
const { catalogue, ledger } = openCatalogue({ ...ground, db });
const gateway = createGateway({ ...ground, locks: memoryLocks(), catalogue, ledger, ttlMs: 3_600_000 });
await serveSftp(wire, gateway.open("ann"));
await gateway.close();
await catalogue.close();
await db.destroy();
