/**
 * The tables of `docs/clients.md` and `docs/clients.ko.md`, from the data that the tests run:
 * `npm run clients` writes them between the pages' `<!-- table NAME -->` and `<!-- end -->`.
 */

import { readFile, writeFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import type { Client, Column, Words } from "./client.ts";
import { ftpClients } from "./ftp-clients.ts";
import { httpClients } from "./http-clients.ts";
import { quirks } from "./quirks.ts";
import { sftpClients } from "./sftp-clients.ts";
import { trees } from "./trees.ts";

export const clients: readonly Client[] = [...sftpClients, ...ftpClients, ...httpClients];

export type Language = keyof Words;

/** The pages, and their languages. */
export const pages: Readonly<Record<Language, URL>> = {
  en: new URL("../../docs/clients.md", import.meta.url),
  ko: new URL("../../docs/clients.ko.md", import.meta.url),
};

const words = {
  program: { en: "Program", ko: "프로그램" },
  door: { en: "Door", ko: "프로토콜" },
  upload: { en: "Upload", ko: "올리기" },
  download: { en: "Download", ko: "내려받기" },
  list: { en: "List", ko: "목록" },
  resumeUpload: { en: "Resume upload", ko: "이어 올리기" },
  resumeDownload: { en: "Resume download", ko: "이어받기" },
  needs: { en: "Options", ko: "필요한 옵션" },
  yes: { en: "yes", ko: "가능" },
  use: { en: "Use", ko: "사용법" },
  outcome: { en: "Result", ko: "결과" },
  did: { en: "Tested with", ko: "확인한 작업" },
} satisfies Record<string, Words>;

/** The columns, from left to right. */
export const columns: readonly Column[] = ["upload", "download", "list", "resumeUpload", "resumeDownload"];

/** Whether a column of a client is held by a test, here or elsewhere. */
function does(client: Client, column: Column): boolean {
  return client[column] !== undefined || client.elsewhere?.columns.includes(column) === true;
}

function clientTable(rows: readonly Client[], language: Language): string {
  const head = [words.program, ...columns.map((column) => words[column]), words.needs].map((word) => word[language]);
  return table(
    head,
    rows.map((client) => [
      `${client.program} ${client.version}${client.door === "FTP over TLS" ? ", TLS" : ""}`,
      ...columns.map((column) => (does(client, column) ? words.yes[language] : "–")),
      client.needs?.[language] ?? "",
    ]),
  );
}

const tables: Readonly<Record<string, (language: Language) => string>> = {
  sftp: (language) => clientTable(sftpClients, language),
  ftp: (language) => clientTable(ftpClients, language),
  http: (language) => clientTable(httpClients, language),
  trees: (language) =>
    table(
      [words.program[language], words.door[language], words.did[language]],
      trees.map(({ program, version, door, did }) => [`${program} ${version}`, door, did[language]]),
    ),
  quirks: (language) =>
    table(
      [words.program, words.door, words.use, words.outcome].map((word) => word[language]),
      quirks.map(({ program, door, use, outcome }) => [program, door, use[language], outcome[language]]),
    ),
};

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

/** Write a page anew: what lies between its marks, from the data. */
export function fill(page: string, language: Language): string {
  return page.replaceAll(
    /(<!-- table (\w+) -->\n).*?(<!-- end -->)/gs,
    (whole, begin: string, name: string, end: string) => {
      const write = tables[name];
      return write ? `${begin}\n${write(language)}\n\n${end}` : whole;
    },
  );
}

async function main(): Promise<void> {
  for (const language of ["en", "ko"] as const) {
    await writeFile(pages[language], fill(await readFile(pages[language], "utf8"), language));
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) await main();
