/** Which servers are trusted: their keys are compared before anything is sent, and known once they have been proved. */

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Program } from "../../../../test/harness/program.ts";
import { needs } from "../../../../test/peers/needs.ts";
import { pyftpdlib } from "../stores/pyftpdlib.ts";
import { type Home, openHome } from "./home.ts";
import { bin } from "./naru-agent.ts";

needs("ssh-keygen");

let home: Home;

beforeEach(async () => {
  home = await openHome();
});
afterEach(() => home[Symbol.asyncDispose]());

const wrongKey = `SHA256:${"A".repeat(43)}`;

async function states(): Promise<readonly string[]> {
  return (await home.list()).map(({ state }) => state);
}

test("a wrong key is refused before anything is queued, and does not replace the right one", async () => {
  const { naru, far, key, trusting } = home;
  const file = await home.fileOf("a");
  expect((await naru("send", file, "--to", far.url, ...trusting, "--wait")).code).toBe(0);
  const wrong = await naru("send", file, "--to", far.url, ...key, "--host-key", wrongKey);
  expect(wrong.code).toBe(4);
  expect(wrong.stderr).toContain(`not ${wrongKey}`);
  expect((await home.list()).length).toBe(1);
  const again = await naru("send", file, "--to", far.url, ...key, "--wait");
  expect(again.code, again.stderr).toBe(0);
});

test("a key that no connection has proved is not known", async () => {
  const { naru, far, key, trusting } = home;
  const file = await home.fileOf("a");
  await far.server.kill();
  expect((await naru("send", file, "--to", far.url, ...key, "--host-key", wrongKey)).code).toBe(0);
  expect((await naru("send", file, "--to", `${far.url}b/`, ...trusting)).code).toBe(0);
  await far.server.start();
  await expect.poll(states).toEqual(["failed", "done"]);
  const known = await naru("send", file, "--to", far.url, ...key, "--wait");
  expect(known.code, known.stderr).toBe(0);
});

test("what is no fingerprint is wrong usage; one with its padding is as good", async () => {
  const { naru, far, key } = home;
  const file = await home.fileOf("a");
  for (const word of ["SHA256:wrong", "MD5:aa:bb", "", `${wrongKey}A`]) {
    expect(await naru("send", file, "--to", far.url, ...key, "--host-key", word), word).toMatchObject({ code: 2 });
  }
  const padded = ["--host-key", `${far.server.target.hostKey}=`];
  const sent = await naru("send", file, "--to", far.url, ...key, ...padded, "--wait");
  expect(sent.code, sent.stderr).toBe(0);
});

test("a server whose key has changed is refused, until its new key is named; then what failed goes too", async () => {
  const { naru, far, key, trusting } = home;
  const file = await home.fileOf("a");
  expect((await naru("send", file, "--to", far.url, ...trusting, "--wait")).code).toBe(0);
  await far.server.kill();
  expect((await naru("send", file, "--to", `${far.url}old/`, ...key)).code).toBe(0);
  const newKey = await far.server.changeKey();
  await far.server.start();
  const changed = await naru("send", file, "--to", far.url, ...key);
  expect(changed.code).toBe(4);
  expect(changed.stderr).toMatch(/has CHANGED/);
  expect(changed.stderr).toContain(newKey);
  expect(changed.stderr).toContain("--host-key");
  await expect.poll(states).toEqual(["done", "failed"]);
  const named = await naru("send", file, "--to", `${far.url}new/`, ...key, "--host-key", newKey, "--wait");
  expect(named.code, named.stderr).toBe(0);
  expect((await naru("retry", "all")).code).toBe(0);
  await expect.poll(states).toEqual(["done", "done", "done"]);
});

test("on a terminal a changed key is a warning and a question, whose answer is no unless it is yes", async () => {
  const { naru, far, key, trusting } = home;
  const file = await home.fileOf("a");
  expect((await naru("send", file, "--to", far.url, ...trusting, "--wait")).code).toBe(0);
  await far.server.kill();
  const newKey = await far.server.changeKey();
  await far.server.start();
  const words = ["send", file, "--to", far.url, ...key, "--wait"];
  const refused = await atTerminal(words, "");
  expect(refused).toContain("has CHANGED: someone may stand in between");
  expect(refused).toContain("[y/N]");
  expect(refused).toContain(newKey);
  expect(refused).toContain("ended with 4");
  expect(await atTerminal(words, "yes")).toContain("ended with 0");
  expect((await naru(...words)).code).toBe(0);
});

/** Run a command as a person does who types `answer` at its question; tell what is on the screen. */
async function atTerminal(words: readonly string[], answer: string): Promise<string> {
  const script = join(home.path, "terminal.py");
  await writeFile(script, terminal);
  const program = new Program("/usr/bin/python3", [script, answer, process.execPath, bin, ...words], { env: home.env });
  await program.printed(/ended with \d+/);
  return program.output;
}

const terminal = `
import os, pty, sys
answer, command = sys.argv[1], sys.argv[2:]
seen, answered = b"", False
child, fd = pty.fork()
if child == 0: os.execv(command[0], command)
while True:
    try: got = os.read(fd, 4096)
    except OSError: break
    if not got: break
    seen += got
    sys.stdout.buffer.write(got)
    if not answered and b"[y/N] " in seen:
        os.write(fd, answer.encode() + b"\\n")
        answered = True
print("ended with", os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
`;

test("a retry signs in with the password that a later send was right with", async () => {
  await using ftp = await pyftpdlib();
  const { user, password, port } = ftp.target;
  const file = await home.fileOf("a");
  const send = (secret: string, to: string) =>
    home.naru("send", file, "--to", `ftp://${user}:${encodeURIComponent(secret)}@127.0.0.1:${port}/${to}/`, "--wait");
  expect((await send("wrong", "first")).code).toBe(4);
  const { id } = (await home.list())[0] ?? { id: "" };
  expect((await send(password, "second")).code).toBe(0);
  expect((await send("wrong too", "third")).code).toBe(4);
  expect((await home.naru("retry", id)).code).toBe(0);
  await expect.poll(states).toEqual(["done", "done", "failed"]);
});
