/**
 * The SFTP and FTP doors beside the HTTP door: one gateway over the same store, ledger and accounts, one list of bans.
 *
 * @module
 */

import { TransferError, type WireGateway } from "@naru/core";
import { Accounts } from "../accounts/accounts.ts";
import { Bans } from "../accounts/bans.ts";
import type { Gate } from "../accounts/gate.ts";
import { PublicKeys } from "../accounts/public-keys.ts";
import type { Database } from "../database/database.ts";
import { type FtpDoor, type FtpTls, ftpDoor } from "../ftp/ftp-door.ts";
import type { PassiveRange } from "../ftp/passive-ports.ts";
import { createGateway, type Gateway, type GatewayOptions } from "../gateway/gateway.ts";
import { type HostKey, hostKeys } from "../sftp/host-keys.ts";
import { type SftpDoor, sftpDoor } from "../sftp/sftp-door.ts";
import { DoorSignIn } from "./door-sign-in.ts";

/** Where a door listens; port 0 is any free one. */
export interface DoorAddress {
  readonly host: string;
  readonly port: number;
}

export interface SftpOptions extends DoorAddress {
  /** The folder of the host keys, made at the first start. */
  readonly keysDir: string;
}

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

export interface DoorsOptions {
  readonly sftp?: SftpOptions | undefined;
  readonly ftp?: FtpOptions | undefined;
  /** The name by which agents reach the doors, when it is not that of the page. */
  readonly publicHost?: string | undefined;
  /** What the bytes of all files on their way in may take of memory. */
  readonly memoryBytes?: number | undefined;
}

/** What the doors share with the rest of the server. */
export interface CommonGround extends Omit<GatewayOptions, "memoryBytes"> {
  readonly db: Database;
  readonly gate: Gate;
}

/** A door that is open. */
export interface OpenedDoor extends WireGateway {
  readonly hostKeys: readonly Pick<HostKey, "algorithm" | "fingerprint">[];
}

type Door = (SftpDoor | FtpDoor) & { readonly at: DoorAddress; readonly tell: Omit<OpenedDoor, "port"> };

/** The doors of one server. */
export class Doors {
  readonly #gateway: Gateway;
  readonly #doors: readonly Door[];
  #opened: readonly OpenedDoor[] = [];

  private constructor(gateway: Gateway, doors: readonly Door[]) {
    this.#gateway = gateway;
    this.#doors = doors;
  }

  /** Make what the options ask for; nothing listens yet. */
  static async make(options: DoorsOptions, common: CommonGround): Promise<Doors> {
    const { sftp, ftp, publicHost: host, memoryBytes } = options;
    const { db, gate, log, now } = common;
    const gateway = createGateway({ ...common, memoryBytes });
    const bans = new Bans({ now });
    const signIn = new DoorSignIn({
      accounts: new Accounts(db, { now }),
      gate,
      keys: new PublicKeys(db, { now }),
      gateway,
    });
    const doors: Door[] = [];
    if (sftp) {
      const keys = await hostKeys(sftp.keysDir);
      const door = sftpDoor({ gateway, authenticate: signIn.forSftp(), hostKeys: keys, log, bans, now });
      const hostKey = keys.find(({ algorithm }) => algorithm === "ssh-ed25519")?.fingerprint;
      doors.push({ ...door, at: sftp, tell: { kind: "sftp", host, hostKey, hostKeys: keys.map(publicPart) } });
    }
    if (ftp) {
      const { active, address, passive = { from: 0, to: 0 }, tls, requireSessionReuse } = ftp;
      const settings = { active, tls, requireSessionReuse, passive: { ...passive, address } };
      const door = ftpDoor({ gateway, authenticate: signIn.forFtp(), log, bans, now, ...settings });
      doors.push({ ...door, at: ftp, tell: { kind: tls ? "ftps" : "ftp", host, hostKeys: [] } });
    }
    return new Doors(gateway, doors);
  }

  /** The doors that are open, and where. */
  get opened(): readonly OpenedDoor[] {
    return this.#opened;
  }

  /** Open every door, or none. */
  async listen(): Promise<void> {
    const opened: OpenedDoor[] = [];
    for (const door of this.#doors) {
      const { host, port } = door.at;
      const at = await door.listen({ host, port }).catch(async (cause: unknown) => {
        await this.close();
        const why = cause instanceof Error ? cause.message : String(cause);
        throw new TransferError("invalid", `Cannot open the ${door.tell.kind} door at "${host}:${port}": ${why}`, {
          cause,
        });
      });
      opened.push({ ...door.tell, port: at.port });
    }
    this.#opened = opened;
  }

  /** End what waited too long, and the sessions of those who are no longer welcome. */
  async reap(): Promise<void> {
    await Promise.all(this.#doors.map((door) => door.recheck()));
    await this.#gateway.reap();
  }

  /** End every session; what its client has sent is kept. */
  async close(): Promise<void> {
    await Promise.all(this.#doors.map((door) => door.close()));
    await this.#gateway.close();
  }
}

function publicPart({ algorithm, fingerprint }: HostKey): OpenedDoor["hostKeys"][number] {
  return { algorithm, fingerprint };
}
