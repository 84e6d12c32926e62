import { TransferError } from "../errors.ts";
import type { PartDigest } from "../store.ts";
import { DigestLanes, laneCount } from "./digest-lanes.ts";

/** A body to hash. */
export interface LaneReader {
  readonly size: number;
  /** Whether MD5 is wanted, which is most of the work; by default it is. */
  readonly md5?: boolean;
  /** Put the next bytes into the front of `room`; how many there were, at least one. */
  read(room: Uint8Array<ArrayBuffer>): number | Promise<number>;
}

/** How bytes are shared among the lanes. */
export interface LaneDigesterOptions {
  /** Let other things happen between two rounds of a MiB or so. */
  readonly pause: () => Promise<void>;
  /** The first body after a rest goes alone, if it is no larger: who waits can begin with it. */
  readonly firstAlone?: number | undefined;
  /** Else so many bodies go first, before more are taken in; by default as many as there are lanes. */
  readonly firstTogether?: number | undefined;
}

interface Job {
  readonly reader: LaneReader;
  readonly resolve: (digest: PartDigest) => void;
  readonly reject: (error: unknown) => void;
}

interface Seat extends Job {
  readonly lane: number;
  left: number;
}

/** Takes digests, of eight bodies side by side when so many are asked for at once. */
export class LaneDigester {
  readonly #pause: () => Promise<void>;
  readonly #firstAlone: number;
  readonly #firstTogether: number;
  readonly #waiting: Job[] = [];
  readonly #seats: (Seat | undefined)[] = Array.from({ length: laneCount });
  #lanes: DigestLanes | undefined;
  #running = false;

  constructor({ pause, firstAlone = 0, firstTogether = laneCount }: LaneDigesterOptions) {
    this.#pause = pause;
    this.#firstAlone = firstAlone;
    this.#firstTogether = firstTogether;
  }

  /** Assemble what hashes, some 20 ms of work, so that the first body need not wait for it. */
  prepare(): void {
    this.#lanes ??= new DigestLanes();
  }

  /** Take the digests of one body. @throws {TransferError} `file-changed` if it ends early; whatever its reader throws */
  digest(reader: LaneReader): Promise<PartDigest> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ reader, resolve, reject });
      // Failures are those of a body, and told to whoever asked for its digests.
      if (!this.#running) void this.#run();
    });
  }

  async #run(): Promise<void> {
    this.#running = true;
    // What is asked for in the same breath begins together.
    await Promise.resolve();
    this.#lanes ??= new DigestLanes();
    const lanes = this.#lanes;
    const [first] = this.#waiting;
    let most = first && first.reader.size <= this.#firstAlone ? 1 : this.#firstTogether;
    for (;;) {
      this.#seat(lanes, most);
      const seats = this.#seats.filter((seat) => seat !== undefined);
      if (seats.length === 0) break;
      const late = seats.map((seat) => this.#fill(lanes, seat)).filter((one) => one !== undefined);
      if (late.length > 0) await Promise.all(late);
      lanes.run();
      for (const seat of seats) if (seat.left === 0) this.#leave(seat)?.resolve(lanes.end(seat.lane));
      if (seats.some((seat) => this.#seats[seat.lane] !== seat)) most = laneCount;
      await this.#pause();
    }
    this.#running = false;
  }

  #seat(lanes: DigestLanes, most: number): void {
    for (let lane = 0; lane < most; lane++) {
      if (this.#seats[lane] !== undefined) continue;
      const job = this.#waiting.shift();
      if (job === undefined) return;
      this.#seats[lane] = { ...job, lane, left: job.reader.size };
      lanes.begin(lane, job.reader);
    }
  }

  /** Fill a lane's room. A promise only if the reader gives one: most readers need not wait. */
  #fill(lanes: DigestLanes, seat: Seat): undefined | Promise<void> {
    try {
      while (seat.left > 0) {
        const room = lanes.room(seat.lane);
        if (room.length === 0) return undefined;
        const read = seat.reader.read(room.subarray(0, seat.left));
        if (typeof read !== "number") return this.#fillLate(lanes, seat, read);
        take(lanes, seat, read);
      }
    } catch (error) {
      this.#leave(seat)?.reject(error);
    }
    return undefined;
  }

  async #fillLate(lanes: DigestLanes, seat: Seat, reading: Promise<number>): Promise<void> {
    try {
      take(lanes, seat, await reading);
    } catch (error) {
      this.#leave(seat)?.reject(error);
      return;
    }
    await this.#fill(lanes, seat);
  }

  /** Free a lane; the seat, if it was still there. */
  #leave(seat: Seat): Seat | undefined {
    if (this.#seats[seat.lane] !== seat) return undefined;
    this.#seats[seat.lane] = undefined;
    return seat;
  }
}

function take(lanes: DigestLanes, seat: Seat, count: number): void {
  if (count < 1) throw new TransferError("file-changed", `Cannot hash a body: it ended ${seat.left} bytes early`);
  lanes.fill(seat.lane, count);
  seat.left -= count;
}
