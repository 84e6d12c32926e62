/**
 * The system's own dialog for choosing files. Browsers never tell a page where a file is; this does, so that the agent
 * opens it in place and nothing goes through the spool.
 */

import { powershell } from "./powershell.ts";
import { runProgram } from "./run-program.ts";

export interface PickOptions {
  /** What the dialog says about itself. */
  readonly title?: string | undefined;
  readonly multiple?: boolean | undefined;
}

interface Picker {
  readonly program: string;
  readonly args: (
    options: Required<{ readonly [K in keyof PickOptions]: NonNullable<PickOptions[K]> }>,
  ) => readonly string[];
  /** What it exits with when it works: chosen, and cancelled. */
  readonly codes: readonly number[];
}

const windowsScript = `
Add-Type -AssemblyName System.Windows.Forms
[Console]::OutputEncoding = [System.Text.Encoding]::UTF8
$owner = New-Object System.Windows.Forms.Form -Property @{ TopMost = $true }
$dialog = New-Object System.Windows.Forms.OpenFileDialog -Property @{ Title = $args[0]; Multiselect = [bool]$args[1] }
if ($dialog.ShowDialog($owner) -eq 'OK') { $dialog.FileNames }
`;

const macScript = `
on run argv
  if item 2 of argv is "" then return POSIX path of (choose file with prompt (item 1 of argv))
  set names to ""
  repeat with one in (choose file with prompt (item 1 of argv) with multiple selections allowed)
    set names to names & POSIX path of one & linefeed
  end repeat
  names
end run
`;

const many = (multiple: boolean): string => (multiple ? "many" : "");

const pickers: Partial<Record<NodeJS.Platform, readonly Picker[]>> = {
  win32: [
    {
      program: "powershell.exe",
      args: ({ title, multiple }) => ["-STA", ...powershell(windowsScript, title, many(multiple))],
      codes: [0],
    },
  ],
  darwin: [
    {
      program: "osascript",
      args: ({ title, multiple }) => ["-e", macScript, title, many(multiple)],
      codes: [0, 1],
    },
  ],
  linux: [
    {
      program: "zenity",
      args: ({ title, multiple }) => [
        "--file-selection",
        ...(multiple ? ["--multiple", "--separator=\n"] : []),
        `--title=${title}`,
      ],
      codes: [0, 1],
    },
    {
      program: "kdialog",
      args: ({ title, multiple }) => [
        `--title=${title}`,
        "--getopenfilename",
        ...(multiple ? ["--multiple", "--separate-output"] : []),
        ".",
      ],
      codes: [0, 1],
    },
  ],
};

/** Let the user choose files: their paths, none when the dialog was closed; `undefined` where there is no dialog. */
export async function pickFiles(
  platform: NodeJS.Platform,
  { title = "Naru Agent", multiple = true }: PickOptions = {},
): Promise<readonly string[] | undefined> {
  for (const { program, args, codes } of pickers[platform] ?? []) {
    const ran = await runProgram(program, args({ title, multiple }));
    // Without a display, zenity ends with 1 too, and kdialog crashes; a cancelled dialog says nothing either.
    if (ran !== undefined && codes.includes(ran.code)) return linesOf(ran.output);
  }
  return undefined;
}

function linesOf(output: string): readonly string[] {
  return output.split(/\r?\n/).filter((line) => line !== "");
}
