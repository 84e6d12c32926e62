import type { Abortable, Files, Part, ReadOptions, Receipt, Store, StoredFile } from "@naru/core";
import type { ExaminedStore } from "./examined-store.ts";
import type { Log } from "./log.ts";
import type { StoreProfile } from "./stores/profiles/store-profile.ts";

/** What a store with a direct route may tell of itself. */
export interface DirectStore {
  /** A URL on each public endpoint. */
  probes(): Promise<readonly string[]>;
  /** Ask each public endpoint whether its CORS admits pages of an origin. */
  checkCors(origin: string): Promise<readonly EndpointVerdict[]>;
  /** Have it admit pages of these origins. */
  setCors?(origins: readonly string[]): Promise<void>;
}

/** What a store with a clock of its own may tell of it. */
export interface ClockedStore {
  /** How far its clock is ahead of this machine's; 0 while they agree. */
  clockSkewMs(): number;
  onClockSkew(listener: (skewMs: number) => void): void;
}

/** A store of which it is known how it differs from others. */
export interface ProfiledStore {
  readonly profile: StoreProfile;
}

interface EndpointVerdict {
  readonly endpoint: string;
  readonly verdict: "admitted" | "refused" | "unreachable";
}

/** One of the contents that a file has had. */
export interface FileVersion {
  readonly id: string;
  readonly size: number;
  readonly etag: string;
  /** When the store got it. */
  readonly modified: Date;
  readonly current: boolean;
}

export interface VersionListOptions extends Abortable {
  readonly cursor?: string | undefined;
  readonly limit: number;
}

export interface VersionPage {
  /** The newest first. */
  readonly versions: readonly FileVersion[];
  readonly cursor?: string | undefined;
}

/** What files were before they were replaced or removed. */
export interface FileVersions {
  /** Whether that is kept of files at a path. */
  keeps(path: string): Promise<boolean>;
  list(path: string, options: VersionListOptions): Promise<VersionPage>;
  /** The file as a version has it; `undefined` where there is none. */
  stat(path: string, version: string, options?: Abortable): Promise<StoredFile | undefined>;
  read(path: string, version: string, options?: ReadOptions): ReturnType<Files["read"]>;
  /** Make a version the file again; what the file is now stays as a version. */
  restore(path: string, version: string, options?: Abortable): Promise<StoredFile>;
}

/** A store that keeps what files were. */
export interface VersionedStore {
  readonly versions: FileVersions;
}

/** What is at the path of a copy. */
export interface ReplacingOptions extends Abortable {
  readonly replaces?: StoredFile | undefined;
}

/** Copies files from one store to another whose service does it by itself, so that no byte passes here. */
export interface FileCopier {
  /** Up to this size `copy` takes one call; larger files go by parts. */
  readonly wholeUpTo: number;
  /** Whether the service can read the file of this path. */
  reads(path: string): boolean;
  /**
   * Copy a file, with all that the service keeps of it; gives the etag of the copy.
   *
   * @throws {TransferError} `file-changed` when it is no longer `file`; `unsupported` for what it cannot copy
   */
  copy(file: StoredFile, path: string, options?: ReplacingOptions): Promise<string>;
  /** Fill a part of an upload, by its id, from the same range of a file. @throws {TransferError} `file-changed` */
  copyPart(upload: string, part: Part, file: StoredFile, options?: Abortable): Promise<Receipt>;
}

/** A store whose service can copy from another store of it. */
export interface CopyingStore {
  /** What copies from `other` into this store; `undefined` where the two are not one service. */
  copierFrom(other: object): Promise<FileCopier | undefined>;
}

/** A store that can tell beforehand which paths it takes. */
export interface NamingStore {
  /** Check that a file can have this path. @throws {TransferError} `invalid` */
  checkPath(path: string): void;
}

/** Several stores as one. */
export interface MountedStore {
  /** The folders that are stores of their own, each with its final `/`. */
  readonly mounts: readonly string[];
  /** Whether a move from one path to another is a copy from one store to another. */
  crosses(from: string, to: string): boolean;
  /** Whether a folder is one of these, or leads to one: it is not renamed, moved or removed. */
  isFixed(folder: string): boolean;
  /** Ask the store at a folder for something small; `""` for the one that holds the others. @throws when it does not answer */
  reach(mount: string, options?: Abortable): Promise<void>;
}

/** The store of a server. */
export type ServedStore = Store &
  Files &
  Partial<DirectStore> &
  Partial<ClockedStore> &
  Partial<VersionedStore> &
  Partial<CopyingStore> &
  Partial<NamingStore> &
  Partial<MountedStore> &
  Partial<ProfiledStore> &
  Partial<ExaminedStore>;

/** Say in the log when this machine's clock is found to be wrong, and when it is right again. */
export function warnOfSkew({ onClockSkew }: Partial<ClockedStore>, log: Log): void {
  onClockSkew?.((skewMs) => {
    const seconds = Math.round(Math.abs(skewMs) / 1000);
    const fields = { clockSkewSeconds: Math.round(skewMs / 1000) };
    if (skewMs === 0) return log.info(fields, "this machine's clock agrees with the store's again");
    const what = `this machine's clock is ${seconds} s ${skewMs > 0 ? "behind" : "ahead of"} the store's`;
    log.warn(fields, `${what}; requests are signed with the store's time; set the clock (NTP)`);
  });
}
