import type { Client } from "./client.ts";
import { quoted, resolvePath } from "./ftp-path.ts";
import { type Reply, reply } from "./reply.ts";

/** PWD. */
export function printFolder({ state }: Client): Reply {
  return reply(257, `${quoted(state.folder)} is the working folder`);
}

/** CWD: go to a folder that is there. */
export async function changeFolder({ control, files, state }: Client, argument: string): Promise<Reply> {
  if (argument === "") return reply(501, "Cannot change the folder: give its name");
  const folder = resolvePath(state.folder, argument);
  const entry = await files.stat(folder, { signal: control.gone });
  if (entry?.kind !== "folder") {
    const what = entry === undefined ? "no such folder" : "it is a file";
    return reply(550, `Cannot change to the folder "${folder}": ${what}`);
  }
  state.folder = folder;
  return reply(250, `${quoted(folder)} is the working folder`);
}

/** CDUP: the parent of the root is the root. */
export function changeToParent(client: Client): Promise<Reply> {
  return changeFolder(client, "..");
}

/** MKD. */
export async function makeFolder({ control, files, state }: Client, argument: string): Promise<Reply> {
  if (argument === "") return reply(501, "Cannot create a folder: give its name");
  const folder = resolvePath(state.folder, argument);
  await files.makeFolder(folder, { signal: control.gone });
  return reply(257, `${quoted(folder)} created`);
}

/** RMD: an empty one. */
export async function removeFolder({ control, files, state }: Client, argument: string): Promise<Reply> {
  if (argument === "") return reply(501, "Cannot remove a folder: give its name");
  await files.removeFolder(resolvePath(state.folder, argument), { signal: control.gone });
  return reply(250, "Removed");
}
