/** `naru user`: who may enter, by what password and which keys. It works on the server's folder, while it runs too. */

import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { text } from "node:stream/consumers";
import { type LocalAccounts, openLocalAccounts } from "@naru/server";
import { UsageError } from "./exit-code.ts";

interface InData {
  readonly data: string;
}

interface PasswordChoice extends InData {
  readonly passwordStdin?: boolean | undefined;
}

export async function addUser(name: string, options: PasswordChoice & { readonly admin?: boolean }): Promise<void> {
  const password = await passwordIn(options);
  await using book = open(options);
  const made = await book.add(name, { admin: options.admin === true, password });
  if (password === undefined) console.log(made);
}

export async function listUsers(options: InData): Promise<void> {
  await using book = open(options);
  for (const { admin, name } of await book.list()) console.log(admin ? `${name}  (administrator)` : name);
}

export async function removeUser(name: string, options: InData): Promise<void> {
  await using book = open(options);
  await book.remove(name);
}

export async function setPassword(name: string, options: PasswordChoice): Promise<void> {
  const password = await passwordIn(options);
  await using book = open(options);
  const made = await book.setPassword(name, password);
  if (password === undefined) console.log(made);
}

/** Add every key of a file, one a line; prints their fingerprints. */
export async function addKey(name: string, file: string, options: InData): Promise<void> {
  const lines = (file === "-" ? await text(process.stdin) : await readKeys(file)).split("\n");
  const keys = lines.filter((line) => line.trim() !== "" && !line.startsWith("#"));
  if (keys.length === 0) throw new UsageError(`Cannot add the keys in "${file}": it contains none`);
  await using book = open(options);
  for (const line of keys) console.log((await book.addKey(name, line)).fingerprint);
}

export async function listKeys(name: string, options: InData): Promise<void> {
  await using book = open(options);
  for (const { algorithm, comment, fingerprint } of await book.listKeys(name)) {
    console.log([fingerprint, algorithm, comment].filter((field) => field !== "").join("  "));
  }
}

export async function removeKey(name: string, fingerprint: string, options: InData): Promise<void> {
  await using book = open(options);
  await book.removeKey(name, fingerprint);
}

function open({ data }: InData): LocalAccounts {
  return openLocalAccounts(resolve(data));
}

async function passwordIn({ passwordStdin }: PasswordChoice): Promise<string | undefined> {
  if (passwordStdin !== true) return undefined;
  // The line end is the terminal's or the editor's, not the password's.
  return (await text(process.stdin)).replace(/\r?\n$/u, "");
}

async function readKeys(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`Cannot read the keys in "${file}": ${why}`);
  }
}
