import { TransferError } from "@naru/core";
import type { Door, OpenedDoor } from "./door.ts";

/** The doors of one server, as one. */
export class Doors implements Door {
  readonly #doors = new Map<string, Door>();

  /** Add a door, before any listens. */
  add(name: string, door: Door): void {
    this.#doors.set(name, door);
  }

  get opened(): readonly OpenedDoor[] {
    return [...this.#doors.values()].flatMap(({ opened }) => opened);
  }

  /** Open every door, or none. @throws {TransferError} `invalid` when an address cannot be had */
  async listen(): Promise<void> {
    for (const [name, door] of this.#doors) {
      await door.listen().catch(async (cause: unknown) => {
        await this.close();
        const why = cause instanceof Error ? cause.message : String(cause);
        throw new TransferError("invalid", `Cannot open the ${name} door: ${why}`, { cause });
      });
    }
  }

  async reap(): Promise<void> {
    await Promise.all([...this.#doors.values()].map((door) => door.reap()));
  }

  async close(): Promise<void> {
    await Promise.all([...this.#doors.values()].map((door) => door.close()));
  }
}
