/** What the agent uses of the computer that it runs on: dialogs, notifications, the start at sign-in. */

import { isSea } from "node:sea";
import { type Autostart, autostartOf } from "./autostart.ts";
import { type PickOptions, pickFiles } from "./file-picker.ts";
import { notify } from "./notify.ts";

export interface Desktop {
  /** Let the user choose files; `undefined` where there is no dialog. */
  pickFiles(options?: PickOptions): Promise<readonly string[] | undefined>;
  /** Absent where it cannot be switched. */
  readonly autostart: Autostart | undefined;
  notify(title: string, body: string): Promise<void>;
  /** Of its user, as far as we speak it. */
  readonly language: "ko" | "en";
}

/** The variables of the environment that a desktop has. */
export type DesktopEnv = Readonly<Record<string, string | undefined>>;

/** Take the computer as it is. */
export function openDesktop(env: DesktopEnv, data: string): Desktop {
  const [, script = ""] = process.argv;
  const program = isSea() ? [process.execPath] : [process.execPath, script];
  const command = [...program, "start", "--no-window", "--data", data];
  const { platform } = process;
  return {
    pickFiles: (options) => pickFiles(platform, options),
    autostart: autostartOf({ platform, command, configHome: env["XDG_CONFIG_HOME"] }),
    notify: (title, body) => notify(platform, title, body),
    language: Intl.DateTimeFormat().resolvedOptions().locale.startsWith("ko") ? "ko" : "en",
  };
}
