import { TransferError } from "@naru/core";
import type { Door, OpenedDoor } from "./door.ts";
import * as doorTable from "./door-table.ts";
import { type FirstStart, type Ground, type GroundOptions, openGround } from "./ground.ts";

/** Makes a door over the ground; it does not listen yet. */
export type MakeDoor<Options> = (ground: Ground, options: Options) => Promise<Door>;

/** How doors are made, by name; `Options` are those of each. */
export type DoorTable<Options> = { readonly [Name in keyof Options]: MakeDoor<Options[Name]> };

/** Options of doors by name: who has some is made. */
export type DoorOptions<Options> = { readonly [Name in keyof Options]?: Options[Name] | undefined };

type OptionsOf<Table> = Table extends DoorTable<infer Options> ? Options : never;

/** The options of the ground and, by name, of each door that the server is to have. */
export type ServerOptions = GroundOptions & DoorOptions<OptionsOf<typeof doorTable>>;

/** A server with its doors. */
export interface NaruServer {
  readonly firstStart: FirstStart | undefined;
  /** The doors that are open. */
  readonly doors: readonly OpenedDoor[];
  /** Where the HTTP door is reached from this machine, once it is open. */
  readonly origin: string;
  /** Begin to listen, at every door or none. */
  listen(): Promise<void>;
  /** End what has expired, now. */
  reap(): Promise<void>;
  /** Take no more requests, let those in flight end, close. */
  close(): Promise<void>;
}

/** Put a server together over a store, with the doors that the options name. It does not listen yet. */
export function createServer(options: ServerOptions): Promise<NaruServer> {
  return openServer(options, doorTable);
}

/** The same with a table of doors of one's own. */
export async function openServer<Options>(
  options: GroundOptions & DoorOptions<NoInfer<Options>>,
  table: DoorTable<Options>,
): Promise<NaruServer> {
  const ground = await openGround(options);
  try {
    // What a table has are its names.
    const names = Object.keys(table) as (keyof Options & string)[];
    for (const name of names) await addDoor(ground, { name, table, options: options[name] });
  } catch (error) {
    await ground.close();
    throw error;
  }
  return serverOver(ground);
}

interface Wanted<Options, Name extends keyof Options & string> {
  readonly name: Name;
  readonly table: DoorTable<Options>;
  readonly options: Options[Name] | undefined;
}

async function addDoor<Options, Name extends keyof Options & string>(
  ground: Ground,
  { name, table, options }: Wanted<Options, Name>,
): Promise<void> {
  if (options !== undefined) ground.doors.add(name, await table[name](ground, options));
}

function serverOver(ground: Ground): NaruServer {
  const { doors, firstStart } = ground;
  return {
    firstStart,
    get doors() {
      return doors.opened;
    },
    get origin() {
      const origin = doors.opened.find(({ kind }) => kind === "http")?.origin;
      if (origin === undefined) throw new TransferError("unsupported", "Cannot name the origin: no HTTP door is open");
      return origin;
    },
    listen: () => doors.listen(),
    reap: () => ground.reap(),
    close: () => ground.close(),
  };
}
