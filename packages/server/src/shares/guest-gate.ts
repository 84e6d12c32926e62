import { type EnterShare, TransferError } from "@naru/core";
import type { Caller, Gate } from "../accounts/gate.ts";
import type { ShareRow } from "../database/tables/shares.ts";
import { guestRights, guestRoot } from "./guest-rights.ts";
import type { Guest, Guests } from "./guests.ts";
import { keptAddress, type SharePolicy } from "./share-policy.ts";
import type { Shares } from "./shares.ts";

/** By what a guest proves themselves, beside the token in the address. */
export interface Shown {
  /** Of their cookie. */
  readonly secret: string | undefined;
  /** Of programs without cookies. */
  readonly password: string | undefined;
  readonly address: string;
}

/** A guest who calls. */
export interface GuestCall {
  readonly share: ShareRow;
  readonly guest: Guest;
  /** Where from, as far as it is kept. */
  readonly address: string;
  readonly caller: Caller & { readonly root: string };
  /** By a cookie, which other sites could make the browser send. */
  readonly byCookie: boolean;
}

/** What is known of who opens a link, before they have entered. */
export interface Look {
  readonly share: ShareRow;
  readonly guest: Guest | undefined;
  /** Whether nothing more is to be typed. */
  readonly admitted: boolean;
}

export interface GuestGateOptions {
  readonly shares: Shares;
  readonly guests: Guests;
  readonly gate: Pick<Gate, "rightsOf">;
  readonly policy: SharePolicy;
  readonly now: () => number;
}

/** Tells guests from strangers, and what each may do: by the rights that the link's owner has at this moment. */
export class GuestGate {
  readonly #options: GuestGateOptions;

  constructor(options: GuestGateOptions) {
    this.#options = options;
  }

  /** Look at a link. @throws {TransferError} `not-found` when it does not work */
  async look(token: string, secret: string | undefined): Promise<Look> {
    const share = await this.#options.shares.open(token);
    if (!share || !(await this.#options.gate.rightsOf(share.owner))) throw noLink();
    const known = secret === undefined ? undefined : await this.#options.guests.find(share, secret);
    const needsNothing = share.kind === "share" && share.password === null;
    return { share, guest: known?.guest, admitted: known?.admitted ?? needsNothing };
  }

  /** Let somebody in: the secret of their cookie. @throws {TransferError} what `Guests.enter` throws */
  async enter(
    token: string,
    typed: EnterShare,
    by: { readonly address: string; readonly secret: string | undefined },
  ): Promise<{ readonly secret: string; readonly share: ShareRow }> {
    const { share } = await this.look(token, by.secret);
    return { share, secret: await this.#options.guests.enter(share, typed, by) };
  }

  /** Who calls. @throws {TransferError} `not-found` when the link does not work; `unauthenticated` for who has not entered */
  async call(token: string, { secret, password, address }: Shown): Promise<GuestCall> {
    const { share, guest: known, admitted } = await this.look(token, secret);
    const { gate, guests, now, policy } = this.#options;
    const within = await gate.rightsOf(share.owner);
    if (!within) throw noLink();
    const byCookie = known !== undefined && admitted;
    if (!byCookie) {
      if (share.kind === "request") throw notEntered();
      if (share.password !== null) {
        if (password === undefined) throw notEntered();
        await guests.checkPassword(share, password, address);
      }
    }
    const guest = byCookie ? known : guests.nameless(share, address);
    const rights = guestRights(share, guest.folder, { within, now });
    const root = guestRoot(share, guest.folder);
    const caller = { name: `guest:${guest.id}`, admin: false, by: "guest", rights, root } as const;
    return { share, guest, address: keptAddress(address, policy), caller, byCookie };
  }
}

function noLink(): TransferError {
  return new TransferError("not-found", "Cannot open the link: it has ended, or there never was one");
}

function notEntered(): TransferError {
  return new TransferError("unauthenticated", "Cannot call this: enter by the link first");
}
