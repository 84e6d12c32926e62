/** What a row of `docs/clients.md` is: a stock program at one of the doors, and how it is called. */

/** How large the file is that travels, and how much of it is there when the rest is resumed. */
export const sizes = { whole: 2_500_013, half: 1_000_000 } as const;

/** Where a program finds the server. */
export interface Doors {
  readonly host: string;
  readonly sftpPort: number;
  readonly ftpPort: number;
  /** `http://host:port` */
  readonly origin: string;
  readonly user: string;
  readonly password: string;
  /** `SHA256:...` of the SFTP door's Ed25519 key. */
  readonly hostKey: string;
}

export interface Command {
  readonly argv: readonly string[];
  /** Lines for the program, in the file "script" of its folder. */
  readonly script?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Write the command that handles `remote`, a name at the top of the store, and `local`, a file in the working folder. */
export type Deed = (doors: Doors, names: { readonly local: string; readonly remote: string }) => Command;

/** Fetch for a program that resumes only a file that is called as on the server. */
export function underItsName(fetch: Deed): Deed {
  return (doors, names) => {
    const { argv, ...rest } = fetch(doors, names);
    const { local, remote } = names;
    return { ...rest, argv: ["sh", "-ec", `mv ${local} ${remote}; "$@"; mv ${remote} ${local}`, "sh", ...argv] };
  };
}

/** The columns of the table, as far as a program has them. */
export interface Deeds {
  readonly upload?: Deed;
  readonly download?: Deed;
  /** Print the names at the top of the store. */
  readonly list?: Deed;
  /** Send the rest of `local`, of which the store holds the beginning. */
  readonly resumeUpload?: Deed;
  /** Fetch the rest of `remote`, of which `local` holds the beginning. */
  readonly resumeDownload?: Deed;
}

export type Column = keyof Deeds;

export interface Words {
  readonly en: string;
  readonly ko: string;
}

export interface Client extends Deeds {
  readonly program: string;
  /** The Debian package that it comes in, and its version in Debian 12, major and minor. */
  readonly debian: string;
  readonly version: string;
  readonly door: "SFTP" | "FTP" | "FTP over TLS" | "HTTP";
  /** What it needs to be told. */
  readonly needs?: Words;
  /** Columns that another test file runs, and the file. */
  readonly elsewhere?: { readonly file: string; readonly columns: readonly Column[] };
  /** Whether it is run in front of a bucket too. */
  readonly bucket?: true;
}

/** A way of use that does not do what its user wants, or only with an option. */
export interface Quirk {
  readonly program: string;
  readonly door: Client["door"];
  /** The use, as a user would name it. */
  readonly use: Words;
  /** What comes of it, and what to do instead. */
  readonly outcome: Words;
  readonly run: Deed;
  /** How much of the file lies at the doors before, and in the program's folder: nothing, the beginning, or all. */
  readonly before: { readonly remote: Amount; readonly local: Amount };
  readonly code: number | "not 0";
  readonly prints?: RegExp;
  /** What lies at the doors afterwards. */
  readonly after: Amount | "half, then whole";
}

export type Amount = "nothing" | "half" | "whole";

/** A program that handles folders, and more than one command of it. */
export interface Tree {
  readonly program: string;
  readonly debian: string;
  readonly version: string;
  readonly door: "SFTP";
  readonly did: Words;
  /** What to run beside the folder "source". */
  readonly steps: (doors: Doors) => readonly Command[];
  /** Where the program restores "source" to. */
  readonly restored?: string;
  /** What the machine must have; where it is missing, the program is not run. */
  readonly device?: string;
}
