import { describeFiles, describeStore, type Opened } from "@naru/core/testing";
import { ftpStore } from "../../src/stores/ftp-store.ts";
import { growingDeviations } from "./growing-deviations.ts";
import { openedStore } from "./opened-store.ts";
import { type FtpServer, pyftpdlib } from "./pyftpdlib.ts";
import { vsftpd } from "./vsftpd.ts";

async function storeOf(starting: Promise<FtpServer>): Promise<Opened> {
  const server = await starting;
  return openedStore(server, () => ftpStore(server.target));
}

describeStore("ftp to pyftpdlib", () => storeOf(pyftpdlib()), growingDeviations);
describeFiles("ftp to pyftpdlib", () => storeOf(pyftpdlib()));
describeStore("ftp to a server without REST", () => storeOf(pyftpdlib("append-only")), growingDeviations);
describeStore("ftps to vsftpd", () => storeOf(vsftpd("explicit")), growingDeviations);
describeFiles("ftps to vsftpd", () => storeOf(vsftpd("explicit")));
describeStore("implicit ftps to vsftpd", () => storeOf(vsftpd("implicit")), growingDeviations);
