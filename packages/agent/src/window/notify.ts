/** The system's own notifications. A system without them misses nothing else. */

import { powershell } from "./powershell.ts";
import { runProgram } from "./run-program.ts";

const windowsScript = `
$kind = [Windows.UI.Notifications.ToastNotificationManager, Windows.UI.Notifications, ContentType = WindowsRuntime]
$xml = $kind::GetTemplateContent([Windows.UI.Notifications.ToastTemplateType]::ToastText02)
$texts = $xml.GetElementsByTagName('text')
$texts.Item(0).AppendChild($xml.CreateTextNode($args[0])) | Out-Null
$texts.Item(1).AppendChild($xml.CreateTextNode($args[1])) | Out-Null
$id = '{1AC14E77-02E7-4E5D-B744-2EB1AE5198B7}\\WindowsPowerShell\\v1.0\\powershell.exe'
$kind::CreateToastNotifier($id).Show([Windows.UI.Notifications.ToastNotification]::new($xml))
`;

const macScript = "on run argv\n  display notification (item 2 of argv) with title (item 1 of argv)\nend run";

/** Show a notification; what it says is data to the program that shows it, never part of a script. */
export async function notify(platform: NodeJS.Platform, title: string, body: string): Promise<void> {
  if (platform === "win32") {
    await runProgram("powershell.exe", powershell(windowsScript, title, body));
  } else if (platform === "darwin") await runProgram("osascript", ["-e", macScript, title, body]);
  else await runProgram("notify-send", ["--app-name=Naru Agent", "--icon=naru-agent", "--", title, body]);
}
