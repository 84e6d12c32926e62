import type { Accounts } from "../accounts/accounts.ts";
import type { Gate } from "../accounts/gate.ts";
import type { PublicKeys } from "../accounts/public-keys.ts";
import type { FtpAuthenticate } from "../ftp/ftp-settings.ts";
import type { Gateway } from "../gateway/gateway.ts";
import type { GatewaySession } from "../gateway/gateway-session.ts";
import type { SftpAuthenticate } from "../sftp/sftp-settings.ts";
import { OneFileSession } from "./one-file-session.ts";

export interface DoorSignInOptions {
  readonly accounts: Accounts;
  readonly gate: Gate;
  readonly keys: PublicKeys;
  readonly gateway: Gateway;
}

interface Entered {
  readonly account: string;
  /** What a token for one upload opens. */
  readonly session?: (() => GatewaySession) | undefined;
  readonly isStillWelcome: () => Promise<boolean>;
}

/** Lets the accounts of the server in through the doors: by password, public key, API token, or token for one upload. */
export class DoorSignIn {
  readonly #options: DoorSignInOptions;

  constructor(options: DoorSignInOptions) {
    this.#options = options;
  }

  forSftp(): SftpAuthenticate {
    return {
      password: (user, password, address) => this.#enter("sftp", user.normalize("NFC"), password, address),
      key: async (user, { blob }) => {
        const account = user.normalize("NFC");
        const isStillWelcome = (): Promise<boolean> => this.#options.keys.has(account, blob);
        return (await isStillWelcome()) ? { account, isStillWelcome } : undefined;
      },
    };
  }

  forFtp(): FtpAuthenticate {
    return async (user, password, { address }) => {
      const entered = await this.#enter("ftp", user.normalize("NFC"), password, address);
      return entered && { ...entered, name: entered.account };
    };
  }

  async #enter(door: "sftp" | "ftp", user: string, password: string, address: string): Promise<Entered | undefined> {
    const { accounts, gate, gateway } = this.#options;
    const caller = await gate.byToken(password);
    // A secret opens its own account only, whatever name comes with it; the one of a paired agent is for HTTP.
    const isStillWelcome = async (): Promise<boolean> => (await gate.byToken(password)) !== undefined;
    if (caller?.name === user && caller.by === "token") return { account: user, isStillWelcome };
    if (caller?.name === user && caller.upload !== undefined) {
      const { path } = caller.upload;
      const session = (): GatewaySession => new OneFileSession(gateway.open(user, { door }), path);
      return { account: user, session, isStillWelcome };
    }
    const account = await gate.byBasic(user, password, address);
    // A password that was changed lets go on what it began; an account that was removed does not.
    const hasAccount = async (): Promise<boolean> => (await accounts.get(user)) !== undefined;
    return account && { account: account.name, isStillWelcome: hasAccount };
  }
}
