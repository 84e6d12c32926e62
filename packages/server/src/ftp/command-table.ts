import type { Command } from "./command.ts";
import {
  acceptSize,
  announceActive,
  announceActiveExtended,
  enterExtendedPassive,
  enterPassive,
  setMode,
  setRestart,
  setStructure,
  setType,
} from "./data-commands.ts";
import {
  checksumWith,
  hashFile,
  modifiedOf,
  removeFile,
  renameFrom,
  renameTo,
  setModifiedOf,
  site,
  sizeOf,
} from "./file-commands.ts";
import { changeFolder, changeToParent, makeFolder, printFolder, removeFolder } from "./folder-commands.ts";
import { goodbye, help, listFeatures, noOperation, setOption, system } from "./info-commands.ts";
import { listFacts, listLines, listNames, oneFact, status } from "./listing-commands.ts";
import { agreeBuffer, beginTls, givePassword, giveUser, protect } from "./login-commands.ts";
import { abort, append, retrieve, store, storeUnique } from "./transfer-commands.ts";

/** What each verb does (RFC 959, 2228, 2389, 2428, 3659, 4217, draft-bryan-ftpext-hash; X-verbs: RFC 775). */
export const commands: Readonly<Record<string, Command>> = {
  ABOR: abort,
  ALLO: acceptSize,
  APPE: append,
  AUTH: beginTls,
  CDUP: changeToParent,
  CLNT: noOperation,
  CWD: changeFolder,
  DELE: removeFile,
  EPRT: announceActiveExtended,
  EPSV: enterExtendedPassive,
  FEAT: listFeatures,
  HASH: hashFile,
  HELP: help,
  LIST: listLines,
  MDTM: modifiedOf,
  MFMT: setModifiedOf,
  MKD: makeFolder,
  MLSD: listFacts,
  MLST: oneFact,
  MODE: setMode,
  NLST: listNames,
  NOOP: noOperation,
  OPTS: setOption,
  PASS: givePassword,
  PASV: enterPassive,
  PBSZ: agreeBuffer,
  PORT: announceActive,
  PROT: protect,
  PWD: printFolder,
  QUIT: goodbye,
  REST: setRestart,
  RETR: retrieve,
  RMD: removeFolder,
  RNFR: renameFrom,
  RNTO: renameTo,
  SITE: site,
  SIZE: sizeOf,
  STAT: status,
  STOR: store,
  STOU: storeUnique,
  STRU: setStructure,
  SYST: system,
  TYPE: setType,
  USER: giveUser,
  XCRC: checksumWith("crc32"),
  XCUP: changeToParent,
  XCWD: changeFolder,
  XMD5: checksumWith("md5"),
  XMKD: makeFolder,
  XPWD: printFolder,
  XRMD: removeFolder,
  XSHA256: checksumWith("sha256"),
};

/** What a client may ask before it has signed in. */
export const withoutLogin: ReadonlySet<string> = new Set([
  ...["USER", "PASS", "AUTH", "PBSZ", "PROT", "FEAT", "OPTS", "CLNT", "SYST", "HELP", "NOOP", "QUIT"],
]);

/** Whether a command is answered while a transfer runs, instead of after it. ABOR is, too, in its own way. */
export function duringTransfer(verb: string, argument: string): boolean {
  return verb === "NOOP" || (verb === "STAT" && argument === "");
}
