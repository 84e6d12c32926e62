/** CRC-64/NVME (see `crc64.ts`) sixteen bytes at a time, by sixteen tables. */

import { WasmCode, type WasmFunction } from "./wasm-code.ts";

const [pointer, length, stateAt, crc, first, second] = [0, 1, 2, 3, 4, 5];

/**
 * `crc64(pointer, length, stateAt)`: take bytes into the CRC kept at `stateAt`. The tables lie at `tablesAt`, eight bytes a
 * word: that of `crc64-table.ts`, and `moreTables`.
 */
export function crc64Bytes(tablesAt: number): WasmFunction {
  const code = new WasmCode();
  code.get(stateAt).load("i64", 0).set(crc);
  code.op("block", "loop").i32(15).get(length).op("i32geU").branchIf(1);
  code.get(pointer).load("i64", 0).get(crc).op("i64xor").set(first);
  code.get(pointer).load("i64", 8).set(second);
  for (let byte = 0; byte < 16; byte++) {
    lookUp(code, byte < 8 ? first : second, byte % 8, tablesAt + (15 - byte) * 2048);
    if (byte > 0) code.op("i64xor");
  }
  code.set(crc);
  advance(code, 16);
  code.i32(1).branchIf(0).op("end", "end");
  code.op("block", "loop").get(length).op("i32eqz").branchIf(1);
  code.get(crc).get(pointer).load("byte", 0).op("i64xor").set(first);
  lookUp(code, first, 0, tablesAt);
  code.get(crc).i64(8).op("i64shrU", "i64xor").set(crc);
  advance(code, 1);
  code.i32(1).branchIf(0).op("end", "end");
  code.get(stateAt).get(crc).store("i64", 0);
  return { name: "crc64", parameters: ["i32", "i32", "i32"], locals: [[3, "i64"]], code };
}

/**
 * `moreTables(at)`: make the fifteen tables that follow the first, which lies at `tablesAt`; so is `at`. Here and not in
 * JavaScript, since V8 would optimize that loop in every thread, for 15 ms each, before it has ended.
 */
export function crc64MoreTables(tablesAt: number): WasmFunction {
  const [at, word] = [0, 1];
  const code = new WasmCode();
  code
    .op("block", "loop")
    .get(at)
    .i32(tablesAt + 15 * 2048)
    .op("i32geU")
    .branchIf(1);
  code.get(at).load("i64", 0).set(word).get(at);
  lookUp(code, word, 0, tablesAt);
  code.get(word).i64(8).op("i64shrU", "i64xor").store("i64", 2048);
  code.get(at).i32(8).op("i32add").set(at).i32(1).branchIf(0).op("end", "end");
  return { name: "moreTables", parameters: ["i32"], locals: [[1, "i64"]], code };
}

/** The word of a table at the index that one byte of `word` is. */
function lookUp(code: WasmCode, word: number, byte: number, table: number): void {
  code
    .get(word)
    .i64(byte === 0 ? 3 : byte * 8 - 3)
    .op(byte === 0 ? "i64shl" : "i64shrU");
  code.op("i32wrap").i32(0x7f8).op("i32and").load("i64", table);
}

function advance(code: WasmCode, bytes: number): void {
  code.get(pointer).i32(bytes).op("i32add").set(pointer).get(length).i32(bytes).op("i32sub").set(length);
}
