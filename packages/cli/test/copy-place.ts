/** What tests of `naru copy` stand on: a running Naru, two buckets of a real store, and a wire to it that is another address. */

import { Bucket } from "../../../test/harness/bucket.ts";
import { layWire, type Wire } from "../../../test/harness/wire.ts";
import { type Ended, ended, openPlace, type Place } from "./naru.ts";

export interface CopyPlace extends AsyncDisposable {
  readonly place: Place;
  readonly one: Bucket;
  readonly other: Bucket;
  readonly wire: Wire;
  /** Run `naru copy`. */
  copy(...args: string[]): Promise<Ended>;
  /** Run it; its lines of JSON. */
  lines(...args: string[]): Promise<Record<string, unknown>[]>;
  /** Start it. */
  start(...args: string[]): ReturnType<Place["start"]>;
  /** The address of the running Naru, with a folder. */
  naru(folder: string): string;
}

export async function openCopyPlace(): Promise<CopyPlace> {
  const stack = new AsyncDisposableStack();
  const place = stack.use(await openPlace());
  const one = stack.use(await Bucket.make());
  const other = stack.use(await Bucket.make());
  const wire = stack.use(await layWire(one.place.endpoint));
  const { AWS_ACCESS_KEY_ID = "", AWS_SECRET_ACCESS_KEY = "" } = one.credentials;
  const start: CopyPlace["start"] = (...args) =>
    place.start(["copy", ...args], { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY });
  const copy: CopyPlace["copy"] = (...args) => ended(start(...args));
  return {
    place,
    one,
    other,
    wire,
    start,
    copy,
    lines: async (...args) => {
      const { code, stdout, stderr } = await copy(...args, "--json");
      if (code !== 0) throw new Error(`naru copy ${args.join(" ")} ended with ${code}:\n${stderr}`);
      const lines = stdout.split("\n").filter((line) => line !== "");
      return lines.map((line) => JSON.parse(line));
    },
    naru: (folder) => `http://127.0.0.1:${place.port}/${folder}`,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}
