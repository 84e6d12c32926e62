import type { Deviations } from "@naru/core/testing";

const protocol = "the protocol has no call for it";

/** What the proxy route does not carry. */
export const httpLacks: Deviations = {
  putFile: "small files go many in one request, which is no call of a store",
  copyPart: protocol,
  readPart: protocol,
  prepare: "nothing can be done before a part is there",
  presign: "its parts go through the server",
  "uploads without a size": "a page knows the size of its files",
  space: protocol,
  unfinished: "a server lists the uploads of an account: `NaruApi.mine`",
  "complete under onlyNew": "its conflict policy says it when it begins, and the server compares",
  "putFile under onlyNew": "small files go many in one request, which is no call of a store",
  "parts by the thousand": "the store behind the server lists them; its own suite asks",
};

export const httpFilesLack: Deviations = {
  presignRead: "`NaruApi.download` is the call for it",
  copy: "`NaruApi.copy` is the call for it",
};
