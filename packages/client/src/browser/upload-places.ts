/**
 * The connections of a tab, and who has them: downloads and uploads those to the store, uploads also some through the
 * server while that pays.
 */

import { type Budget, bytesBudget, type Clock, type WaitQueue, waitQueue } from "@naru/core";
import type { SecondWay } from "../direct-store.ts";
import { SecondRoute } from "./second-route.ts";
import { placedBudget, tabBytes } from "./shared-budget.ts";

/** A place of a part that may go either way, or of anything else. */
type Place = "upload" | "other";

export interface UploadPlacesOptions {
  readonly clock: Pick<Clock, "now">;
  /** Parts that go straight to the store at once. */
  readonly straight: number;
  /** Parts that may go through the server beside them, at this time. */
  readonly through: () => number;
}

/** Gives places to parts, first come first served, and 256 MiB among them. */
export class UploadPlaces implements SecondWay {
  /** For what is no part of a file that goes straight to the store. */
  readonly others: Budget;
  /** For parts that may go either way. */
  readonly uploads: Budget;
  readonly #options: UploadPlacesOptions;
  readonly #queue: WaitQueue<Place>;
  readonly #route: SecondRoute;
  readonly #held: Record<Place, number> = { upload: 0, other: 0 };
  #through = 0;

  constructor(options: UploadPlacesOptions) {
    this.#options = options;
    this.#queue = waitQueue({
      fits: (place) => this.#fits(place),
      count: (place, by) => {
        this.#held[place] += by;
      },
      mayPass: true,
    });
    this.#route = new SecondRoute(options.clock, () => this.#queue.serve());
    const bytes = bytesBudget(tabBytes);
    const budgetOf = (place: Place): Budget => placedBudget((how) => this.#queue.take(place, how), bytes);
    this.others = budgetOf("other");
    this.uploads = budgetOf("upload");
  }

  /** Count bytes that uploads sent. */
  sent(bytes: number): void {
    const straight = this.#held.upload - this.#through;
    // What downloads receive is not counted, so that with them the rate says nothing.
    const isFull = this.#held.other === 0 && straight >= this.#options.straight;
    this.#route.moved(bytes, { straight, isFull, through: this.#through });
  }

  enter(): ((failed: boolean) => void) | undefined {
    const isFull = this.#held.upload - this.#through > this.#options.straight;
    if (!isFull || this.#through >= this.#room) return undefined;
    this.#through += 1;
    return (failed) => {
      this.#through -= 1;
      if (failed) this.#route.failed();
    };
  }

  /** Parts that may go through the server. */
  get #room(): number {
    return this.#route.isOpen && this.#held.other === 0 ? Math.max(0, this.#options.through()) : 0;
  }

  /** Uploads may have more places than there are to the store; nobody else waits longer for that. */
  #fits(place: Place): boolean {
    const { straight } = this.#options;
    const extra = Math.max(this.#through, place === "upload" ? this.#room : 0);
    return this.#held.other + this.#held.upload < straight + extra;
  }
}
