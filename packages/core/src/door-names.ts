/** Doors by the names that messages have for them: an open set, of which these have words of their own. */
const words: Readonly<Record<string, string>> = { http: "HTTP", sftp: "SFTP", ftp: "FTP", ftps: "FTPS" };

/** What people call a door; the same in every language. */
export function doorName(door: string): string {
  return words[door] ?? door.toUpperCase();
}
