/**
 * A real OpenStack Swift with its S3 API on this machine, the second kind of store that Debian has beside Ceph. One process
 * (`swift-server.py`), started by the test file that needs it, ready in a few seconds, gone with it. Needs python3-swift, and a
 * temporary folder on a disk that keeps extended attributes, as most do.
 */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { needs } from "./needs.ts";
import type { CephAccess } from "./shared-ceph.ts";

needs("/usr/lib/python3/dist-packages/swift/__init__.py");

export interface SwiftOptions {
  /** How many parts a file may have; what Swift itself says by default. */
  readonly maxParts?: number | undefined;
  /** Whose pages may send to it, as an operator sets it: there is no call for it. Nobody's by default. */
  readonly corsOrigin?: string | undefined;
}

export interface SwiftObject {
  readonly name: string;
  readonly bytes: number;
}

export interface Swift extends CephAccess, AsyncDisposable {
  /** What lies in a container of Swift's own, past S3: multipart uploads keep their parts in `BUCKET+segments`. */
  listContainer(container: string): Promise<readonly SwiftObject[]>;
}

const account = "naru";
const secretKey = "secret";
const program = fileURLToPath(new URL("swift-server.py", import.meta.url));

/** Start one; it ends with this process if not before. */
export async function startSwift({ maxParts = 1000, corsOrigin = "" }: SwiftOptions = {}): Promise<Swift> {
  const folder = await mkdtemp(join(tmpdir(), "naru-swift-"));
  // Debian's own Python, whatever else is on the PATH: the packages are its.
  const child = spawn("/usr/bin/python3", [program, folder, String(maxParts), corsOrigin], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  // Rejects when there is no such program.
  const ended = once(child, "exit").finally(() => rm(folder, { recursive: true, force: true }));
  const lines = createInterface({ input: child.stdout });
  const [endpoint] = await Promise.race([
    once(lines, "line"),
    ended.then(([code]) => {
      throw new Error(`Cannot start Swift: it ended with ${code}`);
    }),
  ]);
  return {
    endpoint,
    accessKey: `${account}:${account}`,
    secretKey,
    listContainer: (container) => listContainer(endpoint, container),
    [Symbol.asyncDispose]: async () => {
      child.kill("SIGTERM");
      await ended;
    },
  };
}

async function listContainer(endpoint: string, container: string): Promise<readonly SwiftObject[]> {
  const headers = { "x-auth-user": `${account}:${account}`, "x-auth-key": secretKey };
  const entered = await fetch(`${endpoint}/auth/v1.0`, { headers });
  const token = entered.headers.get("x-auth-token") ?? "";
  const url = `${entered.headers.get("x-storage-url")}/${encodeURIComponent(container)}?format=json`;
  const answer = await fetch(url, { headers: { "x-auth-token": token } });
  if (!answer.ok) throw new Error(`Cannot list "${container}": Swift answers ${answer.status}`);
  return (await answer.json()) as readonly SwiftObject[];
}
