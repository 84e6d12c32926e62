import { describeFiles, describeStore, type Opened } from "@naru/core/testing";
import { ftpStore } from "../../src/stores/ftp-store.ts";
import { growingDeviations, remoteFilesLack } from "./growing-deviations.ts";
import { openedStore } from "./opened-store.ts";
import { type FtpServer, pyftpdlib } from "./pyftpdlib.ts";
import { vsftpd } from "./vsftpd.ts";

async function storeOf(starting: Promise<FtpServer>): Promise<Opened> {
  const server = await starting;
  return openedStore(server, () => ftpStore(server.target));
}

const vsftpdDeviations = {
  ...growingDeviations,
  "the modification time that was given is the file's": "vsftpd has no MFMT",
};

describeStore("ftp to pyftpdlib", () => storeOf(pyftpdlib()), growingDeviations);
describeFiles("ftp to pyftpdlib", () => storeOf(pyftpdlib()), remoteFilesLack);
describeStore("ftp to a server without REST", () => storeOf(pyftpdlib("append-only")), growingDeviations);
describeStore("ftps to vsftpd", () => storeOf(vsftpd("explicit")), vsftpdDeviations);
describeFiles("ftps to vsftpd", () => storeOf(vsftpd("explicit")), remoteFilesLack);
describeStore("implicit ftps to vsftpd", () => storeOf(vsftpd("implicit")), vsftpdDeviations);
