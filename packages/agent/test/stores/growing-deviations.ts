import type { Deviations } from "@naru/core/testing";

const grows = "a file on this server grows at its end only, and its size tells what has come";
const protocol = "SFTP v3 and FTP have no request for it";

/** What stores of SFTP and FTP servers lack, also where parts come in any order. */
export const remoteLacks: Deviations = {
  "the type that was given is the file's": protocol,
  "an upload without a size and with a hole never appears": grows,
  "parts beyond the count are left out": grows,
  putFile: "the agent sends large files",
  copyPart: protocol,
  readPart: protocol,
  prepare: "nothing can be done before a part is there",
  presign: protocol,
  space: "the agent does not ask",
  unfinished: "the server behind the wire ends what expires",
  "complete under onlyNew": "a rename of these protocols replaces, or does not, as the server has it",
  "putFile under onlyNew": "the agent sends large files",
  "parts by the thousand": "what has come is told by the size of a file, or by our own door",
};

/** What no store can promise on a server where files only grow. */
export const growingDeviations: Deviations = {
  ...remoteLacks,
  "parts land in any order": grows,
  "every part that was put has a receipt, in order": grows,
  "a part that is put again replaces the first": grows,
  "a file with a hole never appears": grows,
  "receipts are in order of their parts, whatever came last": grows,
  "after a complete that was refused, parts can be put, and put again": grows,
};

/** What their files lack. */
export const remoteFilesLack: Deviations = {
  plant: "nothing is put there past the wire",
  folders: "the agent makes the folders that its files need",
  presignRead: protocol,
  copy: protocol,
};
