export * from "../index.ts";
export * from "./digest.ts";
export * from "./download.ts";
export * from "./file-journal.ts";
export * from "./file-sink.ts";
export * from "./file-source.ts";
export * from "./files-in.ts";
export * from "./undici-send.ts";
