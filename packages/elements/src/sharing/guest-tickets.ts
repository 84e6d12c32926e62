/**
 * Remembers in this browser who a guest of a link was. The cookie says it too, but a browser that is killed may lose one that
 * is seconds old, and with it the way back to an upload; IndexedDB is on the disk at once.
 *
 * @module
 */

const store = "tickets";

/** Remember the ticket of a link. */
export async function keepTicket(address: string, ticket: string): Promise<void> {
  await inStore("readwrite", (tickets) => tickets.put(ticket, address)).catch(() => undefined);
}

/** The ticket of a link, if this browser has one. */
export async function keptTicket(address: string): Promise<string | undefined> {
  const ticket: unknown = await inStore("readonly", (tickets) => tickets.get(address)).catch(() => undefined);
  return typeof ticket === "string" ? ticket : undefined;
}

async function inStore<T>(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const opening = indexedDB.open("naru-guests", 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(store);
  const database = await answerOf(opening);
  try {
    const transaction = database.transaction(store, mode);
    const done = new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onabort = () => reject(transaction.error);
    });
    const answer = await answerOf(act(transaction.objectStore(store)));
    await done;
    return answer;
  } finally {
    database.close();
  }
}

function answerOf<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
