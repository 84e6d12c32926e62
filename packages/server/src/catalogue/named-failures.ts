/** Failures of one of several stores, in which people read which store it was. */

import { isTransferError, TransferError } from "@naru/core";
import type { ServedStore } from "../served-store.ts";

/** What a store gives that is asked further. */
const asked: ReadonlySet<PropertyKey> = new Set(["copierFrom", "create", "resume"]);
/** Parts of a store that are asked. */
const parts: ReadonlySet<PropertyKey> = new Set(["folders", "versions"]);

/** The store itself, for those that have to know it (`copierFrom`). */
const within = new WeakMap<object, object>();

/** A store whose failures end with the name of its folder. */
export function namingFailures(store: ServedStore, prefix: string): ServedStore {
  const where = ` (the store at "/${prefix}")`;
  const named = (error: unknown): unknown => {
    if (!isTransferError(error) || error.message.endsWith(where)) return error;
    const { code, message, retryAfterMs } = error;
    return new TransferError(code, `${message}${where}`, { cause: error, retryAfterMs });
  };
  const around = <T extends object>(inner: T): T => {
    const proxy = new Proxy(inner, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name);
        if (typeof value === "function") {
          return (...args: readonly unknown[]) => {
            const given = name === "copierFrom" ? args.map(itself) : args;
            return settled(() => Reflect.apply(value, target, given), name);
          };
        }
        return parts.has(name) && isObject(value) ? around(value) : value;
      },
    });
    within.set(proxy, inner);
    return proxy;
  };
  const settled = (call: () => unknown, name: PropertyKey): unknown => {
    try {
      const answer = call();
      if (!(answer instanceof Promise)) return isAsyncIterable(answer) ? namedAll(answer) : answer;
      return answer.then(
        (value: unknown) => (asked.has(name) && isObject(value) ? around(value) : value),
        (error: unknown) => Promise.reject(named(error)),
      );
    } catch (error) {
      throw named(error);
    }
  };
  async function* namedAll(all: AsyncIterable<unknown>): AsyncGenerator<unknown> {
    try {
      yield* all;
    } catch (error) {
      throw named(error);
    }
  }
  return around(store);
}

function itself(value: unknown): unknown {
  return isObject(value) ? (within.get(value) ?? value) : value;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return isObject(value) && Symbol.asyncIterator in value && !(value instanceof ReadableStream);
}
