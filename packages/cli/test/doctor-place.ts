/** `naru doctor` as its own process, in a folder of its own beside a bucket. */

import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Bucket } from "../../../test/harness/bucket.ts";
import { type Ended, ended } from "./naru.ts";

const bin = fileURLToPath(new URL("../bin/naru.js", import.meta.url));

export interface DoctorPlace extends AsyncDisposable {
  readonly bucket: Bucket;
  readonly folder: string;
  start(args: readonly string[], env?: Record<string, string>): ChildProcess;
  run(args: readonly string[], env?: Record<string, string>): Promise<Ended>;
}

/** Make a bucket and a folder; both go with the place. */
export async function doctorPlace(): Promise<DoctorPlace> {
  const bucket = await Bucket.make();
  const folder = await mkdtemp(join(tmpdir(), "naru-doctor-"));
  const start: DoctorPlace["start"] = (args, env = {}) => {
    const { PATH = "", HOME = "" } = process.env;
    return spawn(process.execPath, [bin, "doctor", ...args], {
      cwd: folder,
      env: { PATH, HOME, ...bucket.credentials, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
  };
  return {
    bucket,
    folder,
    start,
    run: (args, env) => ended(start(args, env)),
    [Symbol.asyncDispose]: async () => {
      await bucket[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}
