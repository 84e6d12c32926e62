/** CRC-64/NVME (see `crc64.ts`) sixteen bytes at a time, by sixteen tables. */

import { WasmCode, type WasmFunction } from "./wasm-code.ts";

const [pointer, length, stateAt, crc, first, second] = [0, 1, 2, 3, 4, 5];
const [pointerB, lengthOfBoth, stateAtA, stateAtB] = [1, 2, 3, 4];
const [crcA, firstA, secondA, crcB, firstB, secondB] = [5, 6, 7, 8, 9, 10];

/** Where a body and its CRC are kept while bytes are taken in. */
interface Locals {
  readonly pointer: number;
  readonly crc: number;
  readonly first: number;
  readonly second: number;
}

/**
 * `crc64(pointer, length, stateAt)`: take bytes into the CRC kept at `stateAt`. The tables lie at `tablesAt`, eight bytes a
 * word: that of `crc64-table.ts`, and `moreTables`.
 */
export function crc64Bytes(tablesAt: number): WasmFunction {
  const code = new WasmCode();
  const body = { pointer, crc, first, second };
  code.get(stateAt).load("i64", 0).set(crc);
  whileThereAre16(code, length, () => {
    load16(code, body);
    take16(code, body, tablesAt);
  });
  code.op("block", "loop").get(length).op("i32eqz").branchIf(1);
  code.get(crc).get(pointer).load("byte", 0).op("i64xor").set(first);
  lookUp(code, first, 0, tablesAt);
  code.get(crc).i64(8).op("i64shrU", "i64xor").set(crc);
  add(code, pointer, 1);
  subtract(code, length, 1);
  code.i32(1).branchIf(0).op("end", "end");
  code.get(stateAt).get(crc).store("i64", 0);
  return { name: "crc64", parameters: ["i32", "i32", "i32"], locals: [[3, "i64"]], code };
}

/**
 * `moreTables(at)`: make the fifteen tables that follow the first, which lies at `tablesAt`; so is `at`. Here and not in
 * JavaScript, since V8 would optimize that loop in every thread, for milliseconds each, before it has ended.
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

/**
 * `crc64Pair(pointerA, pointerB, length, stateAtA, stateAtB)`: the same of two bodies side by side, which takes hardly
 * longer than one: each step of a CRC waits for the last one. `length` is a multiple of 16.
 */
export function crc64Pair(tablesAt: number): WasmFunction {
  const code = new WasmCode();
  const bodies: readonly Locals[] = [
    { pointer, crc: crcA, first: firstA, second: secondA },
    { pointer: pointerB, crc: crcB, first: firstB, second: secondB },
  ];
  code.get(stateAtA).load("i64", 0).set(crcA).get(stateAtB).load("i64", 0).set(crcB);
  whileThereAre16(code, lengthOfBoth, () => {
    for (const body of bodies) load16(code, body);
    for (const body of bodies) take16(code, body, tablesAt);
  });
  code.get(stateAtA).get(crcA).store("i64", 0).get(stateAtB).get(crcB).store("i64", 0);
  return { name: "crc64Pair", parameters: ["i32", "i32", "i32", "i32", "i32"], locals: [[6, "i64"]], code };
}

function whileThereAre16(code: WasmCode, left: number, step: () => void): void {
  code.op("block", "loop").i32(15).get(left).op("i32geU").branchIf(1);
  step();
  subtract(code, left, 16);
  code.i32(1).branchIf(0).op("end", "end");
}

function load16(code: WasmCode, body: Locals): void {
  code.get(body.pointer).load("i64", 0).get(body.crc).op("i64xor").set(body.first);
  code.get(body.pointer).load("i64", 8).set(body.second);
}

function take16(code: WasmCode, body: Locals, tablesAt: number): void {
  for (let byte = 0; byte < 16; byte++) {
    lookUp(code, byte < 8 ? body.first : body.second, byte % 8, tablesAt + (15 - byte) * 2048);
    if (byte > 0) code.op("i64xor");
  }
  code.set(body.crc);
  add(code, body.pointer, 16);
}

/** The word of a table at the index that one byte of `word` is. */
function lookUp(code: WasmCode, word: number, byte: number, table: number): void {
  code
    .get(word)
    .i64(byte === 0 ? 3 : byte * 8 - 3)
    .op(byte === 0 ? "i64shl" : "i64shrU");
  code.op("i32wrap").i32(0x7f8).op("i32and").load("i64", table);
}

function add(code: WasmCode, local: number, bytes: number): void {
  code.get(local).i32(bytes).op("i32add").set(local);
}

function subtract(code: WasmCode, local: number, bytes: number): void {
  code.get(local).i32(bytes).op("i32sub").set(local);
}
