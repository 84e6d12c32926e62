/**
 * An `sftp-server` of ours over a folder, on standard input and output: `sftp -D "node stdio-server.ts FOLDER"`.
 *
 * @module
 */

import { FolderMoves } from "../../src/catalogue/folder-moves.ts";
import { openDatabase } from "../../src/database/database.ts";
import { createGateway } from "../../src/gateway/gateway.ts";
import { silentLog } from "../../src/logger.ts";
import { serveSftp } from "../../src/sftp/sftp-session.ts";
import { streamWire } from "../../src/sftp/sftp-wire.ts";
import { fileStore } from "../../src/stores/file/file-store.ts";
import { UploadLedger } from "../../src/uploads/upload-ledger.ts";

const [, , folder = ""] = process.argv;
const wire = streamWire(process.stdin, process.stdout);
const db = openDatabase(":memory:");
const store = await fileStore(folder);
const ledger = new UploadLedger(db);
const now = Date.now;
const ground = { store, ledger, now, log: silentLog() };
const moves = new FolderMoves(ground);
const gateway = createGateway({ ...ground, moves, ttlMs: 3_600_000 });
await serveSftp(wire, gateway.open("ann"));
await gateway.close();
await moves.close();
await db.destroy();
