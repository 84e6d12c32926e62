import type { Opened } from "@naru/core/testing";
import type { RemoteStore } from "../../src/stores/remote-store.ts";

/** What a suite runs against: stores of a server, all gone at its end. */
export function openedStore(server: AsyncDisposable, open: () => RemoteStore): Opened {
  const store = open();
  const others: RemoteStore[] = [];
  return {
    store,
    files: store,
    async reopen() {
      const other = open();
      others.push(other);
      return other;
    },
    async [Symbol.asyncDispose]() {
      for (const each of [store, ...others, server]) await each[Symbol.asyncDispose]();
    },
  };
}
