/** What every file of `benches/` is. */

import type { Contest } from "./contest.ts";
import type { LinkSpec } from "./link.ts";
import type { Peer } from "./peer-versions.ts";
import type { Room } from "./room.ts";

export interface Benchmark {
  readonly name: string;
  /** One sentence: what is compared with what. */
  readonly about: string;
  /** The line between client and servers; none is loopback. */
  readonly link?: LinkSpec | undefined;
  /** Whose versions belong to the figures. */
  readonly peers?: readonly Peer[] | undefined;
  /** How often each competitor runs, unless the command line says. */
  readonly rounds: number;
  run(room: Room): Promise<readonly Contest[]>;
}

export const MiB: number = 1024 * 1024;
