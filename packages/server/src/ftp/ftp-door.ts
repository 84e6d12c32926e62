import type { Door, DoorAddress, OpenedDoor } from "../door.ts";
import type { Ground } from "../ground.ts";
import { type FtpTls, ftpServer } from "./ftp-server.ts";
import type { PassiveRange } from "./passive-ports.ts";

/** Where the FTP door listens, and how. */
export interface FtpOptions extends DoorAddress {
  /** Without it everything goes in the clear. */
  readonly tls?: FtpTls | undefined;
  /** Ports for data connections; the system chooses without them. */
  readonly passive?: PassiveRange | undefined;
  /** The IPv4 address that PASV tells, behind address translation. */
  readonly address?: string | undefined;
  /** Let the server connect to its clients (PORT, EPRT), as old devices ask. */
  readonly active?: boolean | undefined;
  /** Refuse data connections that do not resume the TLS session of a control connection. */
  readonly requireSessionReuse?: boolean | undefined;
}

/** Make the FTP door of a server: FTPS too, with a certificate. */
export async function ftpDoor(ground: Ground, options: FtpOptions): Promise<Door> {
  const { gateway, signIn, publicHost, log, bans, now } = ground;
  const { active, address, passive = { from: 0, to: 0 }, tls, requireSessionReuse } = options;
  const server = ftpServer({
    gateway,
    authenticate: async (user, password, caller) => {
      const signedIn = await signIn.byPassword({ door: "ftp", user, password, address: caller.address });
      return signedIn && { ...signedIn, name: signedIn.account };
    },
    tls,
    passive: { ...passive, address },
    active,
    requireSessionReuse,
    log,
    bans,
    now,
  });
  let opened: readonly OpenedDoor[] = [];
  return {
    get opened() {
      return opened;
    },
    listen: async () => {
      const { port } = await server.listen(options);
      opened = [{ kind: tls ? "ftps" : "ftp", host: publicHost, port }];
    },
    reap: () => server.recheck(),
    close: () => server.close(),
  };
}
