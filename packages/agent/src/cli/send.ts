/** `naru-agent send`: hand files to the agent, which is started when it is not running. */

import { readFile } from "node:fs/promises";
import { stderr, stdin } from "node:process";
import { createInterface } from "node:readline/promises";
import { filesIn } from "@naru/client/node";
import { isTransferError, TransferError } from "@naru/core";
import type { ControlClient } from "../control/control-client.ts";
import type { SendCommand as SendMessage } from "../control/messages.ts";
import { readDestination } from "../transfers/read-destination.ts";
import { tellFailures, tellFailuresOf } from "./failures.ts";
import { startedAgent } from "./running-agent.ts";
import { lineOf, readViews } from "./views.ts";
import { waitFor } from "./wait.ts";

export interface SendCommand {
  readonly data: string;
  /** Absent when the last name says it. */
  readonly to?: string | undefined;
  readonly hostKey?: string | undefined;
  /** A file with a private key. */
  readonly identity?: string | undefined;
  readonly token?: string | undefined;
  readonly wait?: boolean | undefined;
  readonly json?: boolean | undefined;
}

/** Put files, and what is in folders, in the agent's queue; what cannot go is told, and the rest goes. @throws {TransferError} */
export async function send(words: readonly string[], command: SendCommand): Promise<void> {
  const { hostKey, identity, token, data, json } = command;
  const { names, to } = parted(words, command);
  readDestination(to, { hostKey, token });
  const { files, refused } = await filesIn(names);
  tellFailures(refused);
  if (files.length === 0) return;
  const privateKey = identity === undefined ? undefined : await readKey(identity);
  using client = await startedAgent(data);
  tellFailuresOf(client);
  const message: SendMessage = { command: "send", files, to, hostKey, privateKey, token };
  const views = readViews(await sendTrusting(client, message));
  const notify = (view: (typeof views)[number]): void => console.log(json ? JSON.stringify(view) : lineOf(view));
  if (command.wait) await waitFor(client, new Set(views.map(({ id }) => id)), notify);
  else views.forEach(notify);
}

/** Tell the files from the address that they go to. */
function parted(words: readonly string[], { to }: SendCommand): { names: readonly string[]; to: string } {
  const last = words.at(-1) ?? "";
  const isAddress = to === undefined && /^(sftp|ftps?|https?):\/\//i.test(last);
  const names = isAddress ? words.slice(0, -1) : words;
  const where = isAddress ? last : to;
  if (where === undefined) throw new TransferError("invalid", "Cannot send: the destination is missing (--to)");
  if (names.length === 0) throw new TransferError("invalid", "Cannot send: no file is named");
  return { names, to: where };
}

/** A server whose key nobody named, or that shows another one: a person at a terminal is asked, a script is refused. */
async function sendTrusting(client: ControlClient, message: SendMessage): Promise<unknown> {
  try {
    return await client.call(message);
  } catch (error) {
    const [hostKey] = isTransferError(error) ? (/SHA256:[\w+/]{43}/.exec(error.message) ?? []) : [];
    const mayAsk = hostKey !== undefined && message.hostKey === undefined && stdin.isTTY && stderr.isTTY;
    if (!mayAsk) throw error;
    const asking = createInterface({ input: stdin, output: stderr });
    const what = /has CHANGED/.test(String(error))
      ? `WARNING: the server's key has CHANGED: someone may stand in between.\nIt is now ${hostKey}.`
      : `The server's key is ${hostKey}.`;
    const answer = await asking.question(`${what} Trust it from now on? [y/N] `);
    asking.close();
    if (!/^y(es)?$/i.test(answer.trim())) throw error;
    return client.call({ ...message, hostKey });
  }
}

async function readKey(file: string): Promise<string> {
  return readFile(file, "utf8").catch((cause: unknown) => {
    throw new TransferError("not-found", `Cannot read the key "${file}"`, { cause });
  });
}
