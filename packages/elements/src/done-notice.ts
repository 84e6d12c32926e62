import type { Totals } from "@naru/client/browser";

const storageKey = "naru-notify";

/** What a notification says. */
export interface NoticeWords {
  readonly noticeDone: (count: number) => string;
  readonly noticeTrouble: (count: number) => string;
  readonly noticeBody: string;
}

/** Tells somebody who is looking elsewhere that everything has arrived, or that a file needs them. Only who has asked for it is told. */
export class DoneNotice {
  #before: { readonly open: number; readonly trouble: number } | undefined;

  /** Whether the browser can be asked for leave, has been given it and wants to be told, or refuses. */
  get state(): "absent" | "off" | "on" | "refused" {
    if (!("Notification" in globalThis)) return "absent";
    if (Notification.permission === "denied") return "refused";
    return Notification.permission === "granted" && kept() !== "off" ? "on" : "off";
  }

  /** Ask for it; call it from a click. */
  async turnOn(): Promise<void> {
    if (Notification.permission === "default") await Notification.requestPermission();
    keep("on");
  }

  turnOff(): void {
    keep("off");
  }

  /** Look whether there is something to tell. */
  follow(totals: Totals, words: NoticeWords): void {
    const open = totals.active + totals.waiting;
    const trouble = totals.failed + totals.needsFile;
    const before = this.#before ?? { open, trouble };
    this.#before = { open, trouble };
    if (this.state !== "on" || document.visibilityState === "visible") return;
    if (trouble > before.trouble) show(words.noticeTrouble(trouble), words.noticeBody);
    else if (open === 0 && before.open > 0 && trouble === 0) show(words.noticeDone(totals.done), words.noticeBody);
  }
}

function show(title: string, body: string): void {
  try {
    const notice = new Notification(title, { body, tag: "naru-transfers" });
    notice.onclick = () => {
      window.focus();
      notice.close();
    };
  } catch {
    // Phones show notifications only of service workers.
  }
}

function kept(): string | null {
  try {
    return localStorage.getItem(storageKey);
  } catch {
    return null;
  }
}

function keep(value: "on" | "off"): void {
  try {
    localStorage.setItem(storageKey, value);
  } catch {
    // A page without storage asks again the next time.
  }
}
