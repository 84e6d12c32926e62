import type { NaruApi } from "@naru/client";
import type { ReactiveController, ReactiveControllerHost } from "lit";
import { loadPart } from "./load-part.ts";

type Wish = (panel: NaruShare) => Promise<void>;
type NaruShare = import("./sharing/naru-share.ts").NaruShare;
type Host = ReactiveControllerHost & HTMLElement & { readonly api: NaruApi; readonly renderRoot: ParentNode };

/** Loads `<naru-share>` when a link is wanted: at `naru-share` {path}, `naru-request` {folder} and `naru-links`. */
export class ShareOpener implements ReactiveController {
  readonly #host: Host;

  constructor(host: Host) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {
    this.#host.addEventListener("naru-share", this.#share);
    this.#host.addEventListener("naru-request", this.#request);
    this.#host.addEventListener("naru-links", this.#links);
  }

  hostDisconnected(): void {
    this.#host.removeEventListener("naru-share", this.#share);
    this.#host.removeEventListener("naru-request", this.#request);
    this.#host.removeEventListener("naru-links", this.#links);
  }

  readonly #share = (event: Event): void => this.#open(event, (panel) => panel.share(detailOf(event, "path")));
  readonly #request = (event: Event): void => this.#open(event, (panel) => panel.request(detailOf(event, "folder")));
  readonly #links = (event: Event): void => this.#open(event, (panel) => panel.list());

  #open(event: Event, wish: Wish): void {
    event.preventDefault();
    void this.#load().then((panel) => panel && wish(panel));
  }

  async #load(): Promise<NaruShare | undefined> {
    const part = await loadPart(() => import("./sharing/naru-share.ts"));
    if (part === undefined) return undefined;
    const { api, renderRoot } = this.#host;
    const known = renderRoot.querySelector("naru-share");
    const panel = known instanceof part.NaruShare ? known : new part.NaruShare();
    panel.api = api;
    if (panel !== known) renderRoot.append(panel);
    return panel;
  }
}

function detailOf(event: Event, name: string): string {
  const detail: unknown = event instanceof CustomEvent ? event.detail : undefined;
  return typeof detail === "object" && detail !== null ? String(Reflect.get(detail, name) ?? "") : "";
}
