import type { Accounts } from "../accounts/accounts.ts";
import type { Gate } from "../accounts/gate.ts";
import type { PublicKeys } from "../accounts/public-keys.ts";
import type { Gateway } from "./gateway.ts";
import type { GatewaySession } from "./gateway-session.ts";

export interface GatewaySignInOptions {
  readonly accounts: Accounts;
  readonly gate: Gate;
  readonly keys: PublicKeys;
  readonly gateway: Gateway;
}

/** Who proves to be whom, by a password, from where. */
export interface PasswordSignIn {
  /** The name of the door. */
  readonly door: string;
  readonly user: string;
  readonly password: string;
  readonly address: string;
}

/** Who has signed in at a door of the gateway. */
export interface GatewaySignedIn {
  readonly account: string;
  /** What a token for one upload opens. */
  readonly session?: (() => GatewaySession) | undefined;
  /** Whether it would be let in once more: what it proved itself by may be revoked meanwhile. */
  readonly isStillWelcome: () => Promise<boolean>;
}

/** Lets the accounts of the server in at the gateway's doors: by password, public key, API token, or token for one upload. */
export class GatewaySignIn {
  readonly #options: GatewaySignInOptions;

  constructor(options: GatewaySignInOptions) {
    this.#options = options;
  }

  /** Sign in by a password or a secret in its place. @throws {TransferError} `throttled` after too many wrong ones */
  async byPassword(signIn: PasswordSignIn): Promise<GatewaySignedIn | undefined> {
    const { accounts, gate, gateway } = this.#options;
    const { door, password, address } = signIn;
    const user = signIn.user.normalize("NFC");
    const caller = await gate.byToken(password);
    // A secret opens its own account only, whatever name comes with it; the one of a paired agent is for HTTP.
    const isStillWelcome = async (): Promise<boolean> => (await gate.byToken(password)) !== undefined;
    if (caller?.name === user && caller.by === "token") return { account: user, isStillWelcome };
    if (caller?.name === user && caller.by === "upload") {
      const { rights } = caller;
      const session = (): GatewaySession => gateway.open(user, { door, rights });
      return { account: user, session, isStillWelcome };
    }
    const account = await gate.byBasic(user, password, address);
    // A password that was changed lets go on what it began; an account that was removed does not.
    const hasAccount = async (): Promise<boolean> => (await accounts.get(user)) !== undefined;
    return account && { account: account.name, isStillWelcome: hasAccount };
  }

  /** Sign in by a public key, as the blob of SSH; that the client owns it is for the door to prove. */
  async byKey(user: string, blob: Uint8Array): Promise<GatewaySignedIn | undefined> {
    const account = user.normalize("NFC");
    const isStillWelcome = (): Promise<boolean> => this.#options.keys.has(account, blob);
    return (await isStillWelcome()) ? { account, isStillWelcome } : undefined;
  }
}
