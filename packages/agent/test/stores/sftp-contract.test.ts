import { describeFiles, describeStore, type Opened } from "@naru/core/testing";
import { sftpStore } from "../../src/stores/sftp-store.ts";
import { growingDeviations, remoteFilesLack } from "./growing-deviations.ts";
import { openSsh } from "./open-ssh.ts";
import { openedStore } from "./opened-store.ts";

async function openSshStore(subsystem = "", connections = 1): Promise<Opened> {
  const server = await openSsh({ subsystem });
  return openedStore(server, () => sftpStore({ ...server.target, connections }));
}

const noExtensions = "-P posix-rename,limits,fsync,statvfs";

describeStore("sftp to OpenSSH", () => openSshStore(), growingDeviations);
describeFiles("sftp to OpenSSH", () => openSshStore(), remoteFilesLack);
describeStore("sftp over three connections", () => openSshStore("", 3), growingDeviations);
describeStore("sftp to a server without extensions", () => openSshStore(noExtensions), growingDeviations);
describeFiles("sftp to a server without extensions", () => openSshStore(noExtensions), remoteFilesLack);
