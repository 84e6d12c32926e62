import { memoryLocks } from "../../src/locks/memory-locks.ts";
import { describeLocks } from "../../src/testing/index.ts";

describeLocks("memory", () => {
  const locks = memoryLocks();
  return { here: locks, there: locks };
});
