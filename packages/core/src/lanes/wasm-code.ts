/**
 * A small assembler for WebAssembly (W3C, WebAssembly Core 2.0: binary format 5, instructions 5.4), as much of it as
 * hashing needs: no tool is needed to build what it makes, and no binary lies in the sources.
 *
 * @module
 */

/** Types of values. */
export const valueTypes = { i32: 0x7f, i64: 0x7e, v128: 0x7b } as const;

export type ValueType = keyof typeof valueTypes;

/** Instructions by the names that the specification gives them, `v128` ones without their prefix. */
const plain = {
  loop: [0x03, 0x40],
  block: [0x02, 0x40],
  end: [0x0b],
  i32add: [0x6a],
  i32sub: [0x6b],
  i32and: [0x71],
  i32eqz: [0x45],
  i32geU: [0x4f],
  i64and: [0x83],
  i64xor: [0x85],
  i64shl: [0x86],
  i64shrU: [0x88],
  i32wrap: [0xa7],
  i64extendU: [0xad],
} as const;

const vector = {
  not: 77,
  and: 78,
  andnot: 79,
  or: 80,
  xor: 81,
  bitselect: 82,
  i32x4shl: 171,
  i32x4shrU: 173,
  i32x4add: 174,
} as const;

/** The instructions of one function, one after another. */
export class WasmCode {
  readonly bytes: number[] = [];

  /** Plain instructions without operands. */
  op(...names: readonly (keyof typeof plain)[]): this {
    for (const name of names) this.bytes.push(...plain[name]);
    return this;
  }

  /** Vector instructions without operands. */
  simd(...names: readonly (keyof typeof vector)[]): this {
    for (const name of names) this.bytes.push(0xfd, ...unsigned(vector[name]));
    return this;
  }

  get(...locals: readonly number[]): this {
    for (const local of locals) this.bytes.push(0x20, ...unsigned(local));
    return this;
  }

  set(local: number): this {
    this.bytes.push(0x21, ...unsigned(local));
    return this;
  }

  tee(local: number): this {
    this.bytes.push(0x22, ...unsigned(local));
    return this;
  }

  i32(value: number): this {
    this.bytes.push(0x41, ...signed(value));
    return this;
  }

  i64(value: number): this {
    this.bytes.push(0x42, ...signed(value));
    return this;
  }

  /** The same 32-bit number in all four lanes. */
  i32x4(value: number): this {
    const word = [value & 255, (value >>> 8) & 255, (value >>> 16) & 255, value >>> 24];
    this.bytes.push(0xfd, 12, ...word, ...word, ...word, ...word);
    return this;
  }

  /** Choose four words of the eight of two vectors. */
  shuffleWords(...words: readonly [number, number, number, number]): this {
    this.bytes.push(0xfd, 13, ...words.flatMap((word) => [word * 4, word * 4 + 1, word * 4 + 2, word * 4 + 3]));
    return this;
  }

  /** Load from the address on the stack plus `offset`. */
  load(type: ValueType | "byte", offset: number): this {
    const code = { i32: [0x28], i64: [0x29], byte: [0x31], v128: [0xfd, 0] }[type];
    this.bytes.push(...code, 0, ...unsigned(offset));
    return this;
  }

  store(type: "i64" | "v128", offset: number): this {
    this.bytes.push(...(type === "i64" ? [0x37] : [0xfd, 11]), 0, ...unsigned(offset));
    return this;
  }

  /** Branch `depth` blocks out if what is on the stack is not zero. */
  branchIf(depth: number): this {
    this.bytes.push(0x0d, ...unsigned(depth));
    return this;
  }
}

export interface WasmFunction {
  readonly name: string;
  readonly parameters: readonly ValueType[];
  readonly locals: readonly (readonly [count: number, type: ValueType])[];
  readonly code: WasmCode;
}

/** Put a module together: functions that give nothing back, all exported, and `memory` of so many pages of 64 KiB. */
export function wasmModule(functions: readonly WasmFunction[], pages: number): Uint8Array<ArrayBuffer> {
  const types = functions.map(({ parameters }) => [0x60, ...list(parameters.map((type) => [valueTypes[type]])), 0]);
  const named = functions.map(({ name }, index) => [...text(name), 0, index]);
  const bodies = functions.map(({ locals, code }) => {
    const declared = list(locals.map(([count, type]) => [...unsigned(count), valueTypes[type]]));
    return sized([...declared, ...code.op("end").bytes]);
  });
  return Uint8Array.of(
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, list(types)),
    ...section(3, list(functions.map((_, index) => [index]))),
    ...section(5, [1, 0, ...unsigned(pages)]),
    ...section(7, list([...named, [...text("memory"), 2, 0]])),
    ...section(10, list(bodies)),
  );
}

function section(id: number, content: readonly number[]): readonly number[] {
  return [id, ...sized(content)];
}

function list(items: readonly (readonly number[])[]): readonly number[] {
  return [...unsigned(items.length), ...items.flat()];
}

function sized(content: readonly number[]): readonly number[] {
  return [...unsigned(content.length), ...content];
}

/** Names are plain ASCII. */
function text(name: string): readonly number[] {
  return sized([...name].map((letter) => letter.charCodeAt(0)));
}

/** LEB128. */
function unsigned(value: number): readonly number[] {
  const low = value & 127;
  const rest = value >>> 7;
  return rest === 0 ? [low] : [low | 128, ...unsigned(rest)];
}

function signed(value: number): readonly number[] {
  const low = value & 127;
  const rest = value >> 7;
  const done = (rest === 0 && (low & 64) === 0) || (rest === -1 && (low & 64) !== 0);
  return done ? [low] : [low | 128, ...signed(rest)];
}
