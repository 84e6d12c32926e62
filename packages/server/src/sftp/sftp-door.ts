import type { Door, DoorAddress, OpenedDoor } from "../door.ts";
import type { Ground } from "../ground.ts";
import { type HostKey, hostKeys } from "./host-keys.ts";
import { sftpServer } from "./sftp-server.ts";

/** Where the SFTP door listens, and with which keys. */
export interface SftpOptions extends DoorAddress {
  /** The folder of the host keys, made at the first start. */
  readonly keysDir: string;
}

/** Make the SFTP door of a server. */
export async function sftpDoor(ground: Ground, options: SftpOptions): Promise<Door> {
  const { gateway, signIn, publicHost: host, log, bans, now } = ground;
  const keys = await hostKeys(options.keysDir);
  const server = sftpServer({
    gateway,
    authenticate: {
      password: (user, password, address) => signIn.byPassword({ door: "sftp", user, password, address }),
      key: (user, { blob }) => signIn.byKey(user, blob),
    },
    hostKeys: keys,
    log,
    bans,
    now,
  });
  const hostKey = keys.find(({ algorithm }) => algorithm === "ssh-ed25519")?.fingerprint;
  let opened: readonly OpenedDoor[] = [];
  return {
    get opened() {
      return opened;
    },
    listen: async () => {
      const { port } = await server.listen(options);
      opened = [{ kind: "sftp", host, port, hostKey, hostKeys: keys.map(publicPart) }];
    },
    reap: () => server.recheck(),
    close: () => server.close(),
  };
}

function publicPart({ algorithm, fingerprint }: HostKey): Pick<HostKey, "algorithm" | "fingerprint"> {
  return { algorithm, fingerprint };
}
