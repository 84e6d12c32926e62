import { type FailureCode, TransferError } from "@naru/core";

const codes: Readonly<Record<string, FailureCode>> = {
  ENOSPC: "no-space",
  EDQUOT: "no-space",
  ENOENT: "not-found",
  EACCES: "forbidden",
  EPERM: "forbidden",
  EROFS: "forbidden",
  ENOTDIR: "conflict",
  EISDIR: "conflict",
  ENOTEMPTY: "conflict",
  EEXIST: "conflict",
  ENAMETOOLONG: "invalid",
  EFBIG: "too-large",
  EMFILE: "unavailable",
  ENFILE: "unavailable",
  EBUSY: "unavailable",
};

/** The name of the system error that `error` is, such as `"ENOENT"`. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && "syscall" in error ? String(error.code) : undefined;
}

/** Run something on the disk; a system error becomes a TransferError that says what could not be done. */
export async function onDisk<T>(doing: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const name = systemCode(cause);
    if (name === undefined) throw cause;
    throw new TransferError(codes[name] ?? "internal", `Cannot ${doing}: the disk says ${name}`, { cause });
  }
}

/** The value of `work`, or `undefined` when there is no such file. */
export async function ifThere<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    const name = systemCode(error);
    if (name === "ENOENT" || name === "ENOTDIR") return undefined;
    throw error;
  }
}
