/** Where a door listens; port 0 is any free one. */
export interface DoorAddress {
  readonly host: string;
  readonly port: number;
}

/** A door that is open: what agents and people are told of it. */
export interface OpenedDoor {
  /** What is spoken there: the door's name, or a kind of it. */
  readonly kind: string;
  /** Absent when it is the server's own name. */
  readonly host?: string | undefined;
  readonly port: number;
  /** The fingerprint that agents ask for, `SHA256:...`. */
  readonly hostKey?: string | undefined;
  /** Where it is reached by URL. */
  readonly origin?: string | undefined;
  /** By what clients know that it is this server. */
  readonly hostKeys?: readonly { readonly algorithm: string; readonly fingerprint: string }[] | undefined;
}

/** One way into the server. `httpDoor`, `sftpDoor` and `ftpDoor` make one over the ground. */
export interface Door {
  /** What is open of it; nothing until it listens. */
  readonly opened: readonly OpenedDoor[];
  /** Begin to let clients in. */
  listen(): Promise<void>;
  /** End the sessions of those who would not be let in any more. Called now and then. */
  reap(): Promise<void>;
  /** Let nobody in any more, end what goes on, keep what was sent. Twice is fine. */
  close(): Promise<void>;
}
