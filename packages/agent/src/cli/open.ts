/** `naru-agent open`: what the menu entry calls, and what `naru://` links call. Nobody may be looking at its output. */

import { decoder, TransferError } from "@naru/core";
import { nullable, object, text } from "@naru/core/schema";
import type { ControlClient } from "../control/control-client.ts";
import { type DesktopEnv, openDesktop } from "../window/desktop.ts";
import { pickFiles } from "../window/file-picker.ts";
import { onCode } from "./pairings.ts";
import { startedAgent } from "./running-agent.ts";
import { lineOf, readViews } from "./views.ts";
import { openWindow } from "./window.ts";

export interface OpenCommand {
  readonly data: string;
  readonly env: DesktopEnv;
}

interface LinkRequest {
  readonly origin: string;
  /** A folder, or the path of the file that is wanted. */
  readonly place: string;
}

const words = {
  en: {
    choose: ({ origin, place }: LinkRequest) => `File for ${origin}/${place}`,
    type: (code: string) => `Code ${code}`,
  },
  ko: {
    choose: ({ origin, place }: LinkRequest) => `${origin}/${place} 에 보낼 파일`,
    type: (code: string) => `코드 ${code}`,
  },
} as const;

/** Open a link, or the window. @throws {TransferError} */
export async function open(link: string | undefined, { data, env }: OpenCommand): Promise<void> {
  if (link === undefined) return openWindow({ data, env });
  const desktop = openDesktop(env, data);
  try {
    using client = await startedAgent(data);
    if (!isWake(link)) await sendChosen(link, client, { ...desktop, say: words[desktop.language] });
  } catch (error) {
    // Whoever clicked a link sees no terminal.
    await desktop.notify("Naru Agent", error instanceof Error ? error.message : String(error)).catch(() => undefined);
    throw error;
  }
}

/** `naru://wake`: pages find the agent once it runs. */
function isWake(link: string): boolean {
  const url = URL.parse(link);
  return url?.protocol === "naru:" && url.host === "wake";
}

interface Asking {
  readonly say: (typeof words)["en" | "ko"];
  notify(title: string, body: string): Promise<void>;
}

async function sendChosen(link: string, client: ControlClient, { say, notify }: Asking): Promise<void> {
  onCode(client, ({ origin, code }) => {
    console.log(`${origin}: ${code}`);
    void notify(origin, say.type(code)).catch(() => undefined);
  });
  const request = readLinkRequest(await client.call({ command: "link", link }));
  const chosen = await pickFiles(process.platform, { title: say.choose(request), multiple: false });
  if (chosen === undefined) {
    throw new TransferError("unavailable", "Cannot open the link: this computer has no dialog that chooses files");
  }
  const [file] = chosen;
  if (file === undefined) return;
  for (const view of readViews(await client.call({ command: "choose", file }))) console.log(lineOf(view));
}

const readLink = decoder(object({ origin: text("Of the server."), place: nullable(text("On it.")) }));

function readLinkRequest(value: unknown): LinkRequest {
  const { origin, place } = readLink(value, "link");
  return { origin, place: place ?? "" };
}
