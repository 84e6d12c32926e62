import type { Incoming } from "@naru/client/browser";
import type { ReactiveController, ReactiveControllerHost } from "lit";
import { fromDataTransfer } from "./incoming.ts";

type Host = ReactiveControllerHost & HTMLElement & { readonly renderRoot: HTMLElement | DocumentFragment };

/** Files that are dropped on the notice of unfinished uploads go to the rows that need them, and nowhere else. */
export class DropTarget implements ReactiveController {
  readonly #host: Host;
  readonly #onFiles: (files: AsyncIterable<Incoming>) => void;
  #isOver = false;

  constructor(host: Host, onFiles: (files: AsyncIterable<Incoming>) => void) {
    this.#host = host;
    this.#onFiles = onFiles;
    host.addController(this);
  }

  /** Files are held over it. */
  get isOver(): boolean {
    return this.#isOver;
  }

  hostConnected(): void {
    this.#host.addEventListener("dragover", this.#onOver);
    this.#host.addEventListener("drop", this.#onDrop);
    window.addEventListener("dragend", this.#onEnd);
    window.addEventListener("drop", this.#onEnd);
  }

  hostDisconnected(): void {
    this.#host.removeEventListener("dragover", this.#onOver);
    this.#host.removeEventListener("drop", this.#onDrop);
    window.removeEventListener("dragend", this.#onEnd);
    window.removeEventListener("drop", this.#onEnd);
  }

  readonly #onOver = (event: DragEvent): void => {
    const isHere = bringsFiles(event) && this.#isTarget(event);
    this.#set(isHere);
    if (!isHere) return;
    event.preventDefault();
  };

  readonly #onDrop = (event: DragEvent): void => {
    if (!bringsFiles(event) || !this.#isTarget(event) || event.dataTransfer === null) return;
    event.preventDefault();
    // What is dropped here is no new upload.
    event.stopPropagation();
    this.#set(false);
    this.#onFiles(fromDataTransfer(event.dataTransfer));
  };

  readonly #onEnd = (): void => this.#set(false);

  #isTarget(event: DragEvent): boolean {
    const target = event.composedPath()[0];
    return target instanceof Element && target.closest(".back") !== null;
  }

  #set(isOver: boolean): void {
    if (this.#isOver === isOver) return;
    this.#isOver = isOver;
    this.#host.requestUpdate();
  }
}

function bringsFiles({ dataTransfer }: DragEvent): boolean {
  return dataTransfer?.types.includes("Files") ?? false;
}
