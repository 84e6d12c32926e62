import { randomUUID } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Name this installation, by a file in its data folder; the first call makes it. What is in memory has another name each time. */
export async function installationOf(dataDir: string): Promise<string> {
  if (dataDir === ":memory:") return randomUUID();
  const file = join(dataDir, "installation");
  // Of two processes that start at once the second reads what the first wrote.
  await writeFile(file, `${randomUUID()}\n`, { flag: "wx" }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST") throw error;
  });
  return (await readFile(file, "utf8")).trim();
}
