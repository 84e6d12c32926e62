import { existsSync } from "node:fs";
import { join } from "node:path";
import { TransferError } from "@naru/core";
import { openDatabase } from "../database/database.ts";
import { type Account, Accounts } from "./accounts.ts";
import { generatePassword } from "./password.ts";
import { type PublicKeyInfo, PublicKeys } from "./public-keys.ts";
import { Secrets } from "./secrets.ts";

/** The accounts of a server, for whoever can read its folder. It may be open while the server runs. */
export interface LocalAccounts extends AsyncDisposable {
  list(): Promise<readonly Account[]>;
  /** Make an account; a password is made up unless it is given. @throws {TransferError} `invalid`, `conflict` */
  add(name: string, options: { readonly admin: boolean; readonly password?: string | undefined }): Promise<string>;
  /** @throws {TransferError} `not-found`, or `conflict` for the last administrator */
  remove(name: string): Promise<void>;
  /** Give a new password and end all sessions; one is made up unless it is given. @throws {TransferError} `not-found`, `invalid` */
  setPassword(name: string, password?: string): Promise<string>;
  /** @throws {TransferError} `invalid` when the line is no public key; `not-found` */
  addKey(name: string, line: string): Promise<PublicKeyInfo>;
  /** @throws {TransferError} `not-found` */
  listKeys(name: string): Promise<readonly PublicKeyInfo[]>;
  /** @throws {TransferError} `not-found` */
  removeKey(name: string, fingerprint: string): Promise<void>;
}

/** Open the accounts of the server whose folder this is. @throws {TransferError} `not-found` when none ever ran there */
export function openLocalAccounts(dataDir: string): LocalAccounts {
  const file = join(dataDir, "naru.db");
  if (!existsSync(file)) {
    const why = "no server has run with this folder; name that of naru serve --data";
    throw new TransferError("not-found", `Cannot open the accounts in "${dataDir}": ${why}`);
  }
  const db = openDatabase(file);
  const now = Date.now;
  const [accounts, secrets, keys] = [new Accounts(db, { now }), new Secrets(db, { now }), new PublicKeys(db, { now })];
  const mustBeThere = async (name: string, doing: string): Promise<void> => {
    if (await accounts.get(name)) return;
    throw new TransferError("not-found", `Cannot ${doing} the account "${name}": no such account`);
  };
  return {
    list: () => accounts.list(),
    add: async (name, { admin, password = generatePassword() }) => {
      await accounts.create(name, password, { admin });
      return password;
    },
    remove: (name) => accounts.remove(name),
    setPassword: async (name, password = generatePassword()) => {
      await mustBeThere(name, "change the password of");
      await accounts.setPassword(name, password);
      await secrets.revokeSessions(name);
      return password;
    },
    addKey: (name, line) => keys.add(name, line),
    listKeys: async (name) => {
      await mustBeThere(name, "list the keys of");
      return keys.list(name);
    },
    removeKey: async (name, fingerprint) => {
      if (await keys.remove(name, fingerprint)) return;
      throw new TransferError("not-found", `Cannot remove the key "${fingerprint}" of "${name}": no such key`);
    },
    [Symbol.asyncDispose]: () => db.destroy(),
  };
}
