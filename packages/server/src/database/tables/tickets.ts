/** A single-use ticket of a page for its agent; kept as its SHA-256. */
interface TicketRow {
  readonly hash: string;
  /** What it is for, a `TicketWish` as JSON. */
  readonly wish: string;
  readonly account: string;
  /** The only agent that may redeem it. */
  readonly agent: string | null;
  readonly expires: number;
}

/** An agent that asks to be known, by the code that it shows. */
interface PairingRow {
  readonly code: string;
  readonly device: string;
  /** Of the secret by which the agent asks how far it is. */
  readonly hash: string;
  readonly expires: number;
  /** Who confirmed it. */
  readonly account: string | null;
}

/** The tables of agents that pair, and of what they redeem. */
export interface TicketTables {
  readonly tickets: TicketRow;
  readonly pairings: PairingRow;
}
