export * from "./language/dictionary.ts";
export * from "./language/format.ts";
export * from "./language/language.ts";
export * from "./naru-app.ts";
export * from "./naru-files.ts";
export * from "./naru-sign-in.ts";
export * from "./naru-transfers.ts";
export * from "./naru-uploader.ts";
