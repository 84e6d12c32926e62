/**
 * Reading JSON that came from elsewhere: every field enters as `unknown` and leaves as a type, or as an error with its name.
 *
 * @module
 */

import { TransferError } from "./errors.ts";

/** The fields of one JSON object, read one by one. An optional field that is `null` counts as absent. */
export class Fields {
  readonly #what: string;
  readonly #record: ReadonlyMap<string, unknown>;

  /** Take a JSON object; `what` names it in errors. With `only`, other fields are refused. */
  constructor(value: unknown, what: string, only?: readonly string[]) {
    if (typeof value !== "object" || value === null || Array.isArray(value))
      throw unreadable(what, "it is not an object");
    this.#what = what;
    this.#record = new Map(Object.entries(value));
    for (const name of this.#record.keys()) {
      if (only !== undefined && !only.includes(name))
        throw unreadable(this.#name(name.slice(0, 64)), "there is no such field");
    }
  }

  /** Tell whether a field is there. */
  has(name: string): boolean {
    return (this.#record.get(name) ?? undefined) !== undefined;
  }

  /** Read a field with a decoder, which gets the value and the field's full name. */
  read<T>(name: string, decode: (value: unknown, what: string) => T): T {
    const value = this.#record.get(name);
    if (value === undefined) throw unreadable(this.#name(name), "it is missing");
    return decode(value, this.#name(name));
  }

  /** Read a field that may be absent. */
  maybe<T>(name: string, decode: (value: unknown, what: string) => T): T | undefined {
    return this.has(name) ? this.read(name, decode) : undefined;
  }

  #name(field: string): string {
    return this.#what === "" ? field : `${this.#what}.${field}`;
  }
}

/** Make the error of a field that cannot be read. */
export function unreadable(what: string, why: string): TransferError {
  return new TransferError("invalid", `Cannot read "${what}": ${why}`);
}

/** Read a text. */
export function text(value: unknown, what: string): string {
  if (typeof value !== "string") throw unreadable(what, "it is not a text");
  return value;
}

/** Read a safe whole number from 0. */
export function count(value: unknown, what: string): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0) {
    throw unreadable(what, "it is not a whole number from 0 that is safe to compute with");
  }
  return value;
}

/** Read a safe whole number from 1. */
export function positive(value: unknown, what: string): number {
  const number = count(value, what);
  if (number === 0) throw unreadable(what, "it is 0");
  return number;
}

/** Read true or false. */
export function flag(value: unknown, what: string): boolean {
  if (typeof value !== "boolean") throw unreadable(what, "it is not true or false");
  return value;
}

/** Read a moment in ISO 8601, as text. */
export function moment(value: unknown, what: string): string {
  const written = text(value, what);
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d/u.test(written) || Number.isNaN(Date.parse(written))) {
    throw unreadable(what, "it is not a date in ISO 8601");
  }
  return written;
}

/** Read digits in hex; what comes out is lower case. */
export function hex(length: number): (value: unknown, what: string) => string {
  return (value, what) => {
    const digits = text(value, what).toLowerCase();
    if (digits.length !== length || !/^[0-9a-f]*$/u.test(digits))
      throw unreadable(what, `it is not ${length} hex digits`);
    return digits;
  };
}

/** Read a list of at most `max` items. */
export function list<T>(
  decode: (value: unknown, what: string) => T,
  max?: number,
): (value: unknown, what: string) => readonly T[] {
  return (value, what) => {
    if (!Array.isArray(value)) throw unreadable(what, "it is not a list");
    if (max !== undefined && value.length > max) throw unreadable(what, `it has more than ${max} items`);
    return value.map((item: unknown, index) => decode(item, `${what}[${index}]`));
  };
}

/** Read one of a few words. */
export function oneOf<const T extends string>(words: readonly T[]): (value: unknown, what: string) => T {
  return (value, what) => {
    const found = words.find((word) => word === value);
    if (found === undefined) throw unreadable(what, `it is not one of ${words.join(", ")}`);
    return found;
  };
}

/** Read an object whose values are texts. */
export function texts(value: unknown, what: string): Readonly<Record<string, string>> {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw unreadable(what, "it is not an object");
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, text(item, `${what}.${name}`)]));
}
