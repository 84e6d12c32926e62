/** Where the window's page begins: the key of the address is used up before anything else, and not kept. */

import { call } from "./agent-call.ts";
import { NaruAgentWindow } from "./naru-agent-window.ts";

const [, key] = /^#key=([\w-]+)$/.exec(location.hash) ?? [];
const view = document.querySelector("naru-agent-window");
if (key !== undefined) {
  history.replaceState(null, "", location.pathname);
  // A used key is no harm when this window has a session already: the events will tell.
  await call("enter", { key }).catch(() => undefined);
}
if (view instanceof NaruAgentWindow) view.listen();
