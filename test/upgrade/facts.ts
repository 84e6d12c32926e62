/** What the script that makes the kept folder tells the test that opens it: one JSON file beside the folders. */

/** A file that had arrived, as the server told of it. */
export interface ArrivedFile {
  readonly path: string;
  readonly size: number;
  readonly modified: string;
  readonly etag: string;
  readonly crc64?: string;
}

export interface Facts {
  /** When the folder was made, in milliseconds since 1970. */
  readonly made: number;
  /** Where the server was, and where the command line reached it. */
  readonly origin: string;
  readonly lineOrigin: string;
  readonly sftpPort: number;
  /** The folder in which everything lay. */
  readonly dir: string;
  readonly passwords: { readonly admin: string; readonly ann: string };
  readonly session: string;
  readonly tokens: { readonly admin: string; readonly ann: string };
  /** Ann's paired agent, and what it got for one upload. */
  readonly agentToken: string;
  readonly uploadToken: string;
  readonly hostKeys: readonly string[];
  readonly arrived: readonly ArrivedFile[];
  /** Unfinished uploads over HTTP by path; all have `partSize`. */
  readonly uploads: Readonly<Record<string, string>>;
  readonly partSize: number;
  /** Sizes of all unfinished files, by path. */
  readonly sizes: Readonly<Record<string, number>>;
  /** How many files were in the folder that was being renamed. */
  readonly renaming: number;
}

/** The date of every local file. */
export const fileDate: Date = new Date("2026-03-01T02:03:04.000Z");

export const factsFile = "facts.json";
export const browserFile = "browser.json";
