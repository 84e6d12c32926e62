import { Doors, type DoorsOptions, type OpenedDoor } from "./doors/doors.ts";
import { createHttpServer, type HttpServerOptions, type NaruServer } from "./http/server.ts";

export interface ServerOptions extends Omit<HttpServerOptions, "beside">, DoorsOptions {}

/** A server with all of its doors. */
export interface ManyDoors extends NaruServer {
  /** The SFTP and FTP doors that are open. */
  readonly doors: readonly OpenedDoor[];
}

/** Put the server together over a store, with the doors that the options ask for. It does not listen yet. */
export async function createServer(options: ServerOptions): Promise<ManyDoors> {
  let doors: Doors | undefined;
  const server = await createHttpServer({
    ...options,
    beside: async (ground) => {
      doors = await Doors.make(options, ground);
      return doors;
    },
  });
  return {
    ...server,
    get doors() {
      return doors?.opened ?? [];
    },
  };
}
