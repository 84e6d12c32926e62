import { describeFiles, describeStore, md5, memoryStore, plantedMemory } from "../testing/index.ts";
import { memoryLacks } from "./memory-lacks.ts";

describeStore("memory", () => memoryStore(), memoryLacks);
describeStore("memory that checks MD5s", () => memoryStore(new Map(), { md5 }), memoryLacks);
describeStore(
  "memory with large parts",
  () => memoryStore(new Map(), { limits: { minPartSize: 1024 * 1024 } }),
  memoryLacks,
);
describeFiles("memory", plantedMemory, { presignRead: "nobody else reaches it" });
