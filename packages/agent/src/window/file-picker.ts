/**
 * The system's own dialog for choosing files. Browsers never tell a page where a file is; this does, so that the agent
 * opens it in place and nothing goes through the spool.
 */

import { runProgram } from "./run-program.ts";

interface Picker {
  readonly program: string;
  readonly args: readonly string[];
  /** What it exits with when it works: chosen, and cancelled. */
  readonly codes: readonly number[];
}

const windowsScript = `
Add-Type -AssemblyName System.Windows.Forms
[Console]::OutputEncoding = [System.Text.Encoding]::UTF8
$owner = New-Object System.Windows.Forms.Form -Property @{ TopMost = $true }
$dialog = New-Object System.Windows.Forms.OpenFileDialog -Property @{ Multiselect = $true; Title = 'Naru Agent' }
if ($dialog.ShowDialog($owner) -eq 'OK') { $dialog.FileNames }
`;

const macScript = `
set chosen to choose file with prompt "Naru Agent" with multiple selections allowed
set names to ""
repeat with one in chosen
  set names to names & POSIX path of one & linefeed
end repeat
names
`;

const pickers: Partial<Record<NodeJS.Platform, readonly Picker[]>> = {
  win32: [{ program: "powershell.exe", args: ["-NoProfile", "-STA", "-Command", windowsScript], codes: [0] }],
  darwin: [{ program: "osascript", args: ["-e", macScript], codes: [0, 1] }],
  linux: [
    {
      program: "zenity",
      args: ["--file-selection", "--multiple", "--separator=\n", "--title=Naru Agent"],
      codes: [0, 1],
    },
    { program: "kdialog", args: ["--getopenfilename", "--multiple", "--separate-output", "."], codes: [0, 1] },
  ],
};

/** Let the user choose files: their paths, none when the dialog was closed; `undefined` where there is no dialog. */
export async function pickFiles(platform: NodeJS.Platform): Promise<readonly string[] | undefined> {
  for (const { program, args, codes } of pickers[platform] ?? []) {
    const ran = await runProgram(program, args);
    // Without a display, zenity ends with 1 too, and kdialog crashes; a cancelled dialog says nothing either.
    if (ran !== undefined && codes.includes(ran.code)) return linesOf(ran.output);
  }
  return undefined;
}

function linesOf(output: string): readonly string[] {
  return output.split(/\r?\n/).filter((line) => line !== "");
}
