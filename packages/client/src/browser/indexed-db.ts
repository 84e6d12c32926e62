/** IndexedDB with promises, for all that the page remembers in this browser. */

export { type DBSchema, type IDBPDatabase, openDB } from "idb";
