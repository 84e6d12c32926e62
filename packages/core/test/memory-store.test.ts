import { memoryStore } from "../src/index.ts";
import { describeFiles, describeStore, md5, plantedMemory } from "../testing/index.ts";

describeStore("memory", () => memoryStore());
describeStore("memory that checks MD5s", () => memoryStore(new Map(), { md5 }));
describeStore("memory with large parts", () => memoryStore(new Map(), { limits: { minPartSize: 1024 * 1024 } }));
describeFiles("memory", plantedMemory);
