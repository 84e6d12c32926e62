/**
 * MD5 (RFC 1321) of eight messages at once, one in each lane of two vectors. MD5 is one long chain of additions that
 * leaves most of a processor idle; eight chains side by side take little longer than one.
 *
 * @module
 */

import { WasmCode, type WasmFunction } from "./wasm-code.ts";

/** How far each step turns its sum, RFC 1321 3.4: four numbers for each round. */
const turns: readonly (readonly number[])[] = [
  [7, 12, 17, 22],
  [5, 9, 14, 20],
  [4, 11, 16, 23],
  [6, 10, 15, 21],
];
/** Which word of the block a step of each round takes. */
const wordOf: readonly ((step: number) => number)[] = [
  (step) => step,
  (step) => (5 * step + 1) % 16,
  (step) => (3 * step + 5) % 16,
  (step) => (7 * step) % 16,
];
const steps = Array.from({ length: 64 }, (_, step) => step);

/** Two vectors of four lanes: their chains are independent, so that one fills the gaps of the other. */
export const laneCount = 8;

/** The locals of four lanes. */
interface Lanes {
  /** Where in memory their state is. */
  readonly stateAt: number;
  readonly pointers: readonly number[];
  /** a, b, c and d. */
  readonly state: readonly number[];
  readonly saved: readonly number[];
  readonly mask: number;
  /** The words of the block. */
  readonly words: readonly number[];
}

/** What the state of four lanes takes: a, b, c, d and the mask. */
export const stateSize = 80;

// Locals. The parameters are the addresses of the messages and the count of their blocks.
const blocks = laneCount;
const rows = [9, 10, 11, 12] as const;
const [row0, row1, row2, row3] = rows;
const perLanes = 25;

/**
 * `md5(p0, ... p7, blocks)`: take that many blocks of 64 bytes at each address into the state at `stateAt` (for four
 * lanes each: a, b, c, d, and a mask), in the lanes whose mask is all ones. At least one block.
 */
export function md5Lanes(stateAt: number): WasmFunction {
  const code = new WasmCode();
  const both = [lanesOf(0, stateAt), lanesOf(1, stateAt + stateSize)];
  for (const lanes of both) {
    for (const [index, local] of lanes.state.entries())
      code
        .i32(0)
        .load("v128", lanes.stateAt + index * 16)
        .set(local);
    code
      .i32(0)
      .load("v128", lanes.stateAt + 64)
      .set(lanes.mask);
  }
  code.op("loop");
  for (const lanes of both) {
    for (const [index, local] of lanes.state.entries()) code.get(local).set(lanes.saved[index] ?? local);
    for (const group of [0, 1, 2, 3]) loadWords(code, lanes, group);
  }
  for (const step of steps) for (const lanes of both) addStep(code, lanes, step);
  for (const { state, saved, mask, pointers } of both) {
    for (const [index, local] of state.entries()) {
      const before = saved[index] ?? local;
      code.get(local, before).simd("i32x4add").get(before, mask).simd("bitselect").set(local);
    }
    for (const pointer of pointers) code.get(pointer).i32(64).op("i32add").set(pointer);
  }
  code.get(blocks).i32(1).op("i32sub").tee(blocks).branchIf(0).op("end");
  for (const lanes of both) {
    for (const [index, local] of lanes.state.entries())
      code
        .i32(0)
        .get(local)
        .store("v128", lanes.stateAt + index * 16);
  }
  const parameters = Array.from({ length: laneCount + 1 }, () => "i32" as const);
  return { name: "md5", parameters, locals: [[rows.length + 2 * perLanes, "v128"]], code };
}

function lanesOf(index: 0 | 1, stateAt: number): Lanes {
  const first = rows[3] + 1 + index * perLanes;
  const locals = (from: number, count: number): number[] => Array.from({ length: count }, (_, at) => from + at);
  return {
    stateAt,
    pointers: locals(index * 4, 4),
    state: locals(first, 4),
    saved: locals(first + 4, 4),
    mask: first + 8,
    words: locals(first + 9, 16),
  };
}

/** Load four words of each message and turn them, so that each local has one word of all four. */
function loadWords(code: WasmCode, { pointers, words }: Lanes, group: number): void {
  for (const [index, pointer] of pointers.entries()) {
    code
      .get(pointer)
      .load("v128", group * 16)
      .set(rows[index] ?? row0);
  }
  const halves = [
    [row0, row1, 0],
    [row2, row3, 0],
    [row0, row1, 2],
    [row2, row3, 2],
  ] as const;
  for (const [first, second, from] of halves) code.get(first, second).shuffleWords(from, 4 + from, from + 1, 5 + from);
  for (const row of [row3, row2, row1, row0]) code.set(row);
  const quarters = [
    [row0, row1, 0],
    [row0, row1, 2],
    [row2, row3, 0],
    [row2, row3, 2],
  ] as const;
  for (const [index, [first, second, from]] of quarters.entries()) {
    code.get(first, second).shuffleWords(from, from + 1, 4 + from, 5 + from);
    code.set(words[group * 4 + index] ?? row0);
  }
}

/** a = b + ((a + f(b, c, d) + word + sine) <<< turn); then the four change places. */
function addStep(code: WasmCode, { state, words }: Lanes, step: number): void {
  const round = step >> 4;
  const [a = 0, b = 0, c = 0, d = 0] = [0, 1, 2, 3].map((place) => state[(place + 64 - step) % 4]);
  const turn = turns[round]?.[step % 4] ?? 0;
  const word = words[wordOf[round]?.(step % 16) ?? 0] ?? 0;
  const sine = Math.floor(Math.abs(Math.sin(step + 1)) * 2 ** 32) | 0;
  code.get(a, word).i32x4(sine).simd("i32x4add", "i32x4add");
  // Each written so that `b`, the last to come out of the step before, has the shortest way.
  if (round === 0) code.get(c, d).simd("xor").get(b).simd("and").get(d).simd("xor");
  else if (round === 1) code.get(c, d).simd("andnot", "i32x4add").get(b, d).simd("and");
  else if (round === 2) code.get(c, d).simd("xor").get(b).simd("xor");
  else code.get(d).simd("not").get(b).simd("or").get(c).simd("xor");
  code
    .simd("i32x4add")
    .tee(a)
    .i32(turn)
    .simd("i32x4shl")
    .get(a)
    .i32(32 - turn)
    .simd("i32x4shrU", "or");
  code.get(b).simd("i32x4add").set(a);
}
