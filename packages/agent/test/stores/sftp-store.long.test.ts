import { execFile } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { MiB } from "@naru/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { freePort } from "../../../../test/harness/free-port.ts";
import { sftpStore } from "../../src/stores/sftp-store.ts";
import { type OpenSshServer, openSsh } from "./open-ssh.ts";
import { beginSending, bodyOf, bodyWith, putRest } from "./part-bodies.ts";

const run = promisify(execFile);
const wrongKey = "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

describe("a file sent to an SFTP server", () => {
  let server: OpenSshServer;
  beforeAll(async () => {
    server = await openSsh();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  test("waits under a temporary name and stands under its own, with its date, once it is whole", async () => {
    await using store = sftpStore(server.target);
    const sending = await beginSending(store, "보고서/2026 봄.bin", 3 * MiB, MiB);
    await putRest(sending, sending.upload);
    expect(await readdir(join(server.files, "보고서"))).toEqual([
      expect.stringMatching(/^2026 봄\.bin\.[0-9a-f]{8}\.partial$/),
    ]);
    await sending.upload.complete();
    expect(await readdir(join(server.files, "보고서"))).toEqual(["2026 봄.bin"]);
    expect(await readFile(join(server.files, "보고서/2026 봄.bin"))).toEqual(Buffer.from(sending.bytes));
    const { mtime } = await stat(join(server.files, "보고서/2026 봄.bin"));
    expect(mtime.toISOString()).toBe("2021-03-04T05:06:07.000Z");
  });

  test("goes front to back however large it is, since only a server of ours takes numbered parts", async () => {
    await using store = sftpStore({ ...server.target, largeSize: 0 });
    const sending = await beginSending(store, "large.bin", 3 * MiB, MiB);
    await putRest(sending, sending.upload);
    await sending.upload.complete();
    expect(await readFile(join(server.files, "large.bin"))).toEqual(Buffer.from(sending.bytes));
  });

  test("goes on after the server was killed in the middle of a part, and only the rest travels", async () => {
    await using store = sftpStore(server.target);
    const sending = await beginSending(store, "큰 파일.bin", 10 * MiB, 4 * MiB);
    const [first, second] = sending.parts;
    if (first === undefined || second === undefined) throw new Error("the plan is too short");
    await sending.upload.put(first, bodyOf(sending, first));
    const dying = bodyWith(bodyOf(sending, second), 2 * MiB, () => server.kill());
    await expect(sending.upload.put(second, dying)).rejects.toMatchObject({ code: "unreachable" });
    await expect(sending.upload.receipts()).rejects.toMatchObject({ code: "unreachable" });
    await server.start();
    await using later = sftpStore(server.target);
    const upload = await later.resume(sending.upload.id);
    expect(await putRest(sending, upload)).toBe(6 * MiB);
    await upload.complete();
    expect(await readFile(join(server.files, "큰 파일.bin"))).toEqual(Buffer.from(sending.bytes));
  });

  test("goes on in the same store after the connection was lost", async () => {
    await using store = sftpStore(server.target);
    const sending = await beginSending(store, "same-store.bin", 3 * MiB, MiB);
    await sending.upload.put(sending.parts[0] ?? fail(), bodyOf(sending, sending.parts[0]));
    await server.kill();
    await server.start();
    // The client hears of the cut by its first call at the latest.
    await sending.upload.receipts().catch(() => undefined);
    expect(await putRest(sending, sending.upload)).toBe(2 * MiB);
    await sending.upload.complete();
  });

  test("a part that is put again takes what lies behind it with it", async () => {
    await using store = sftpStore(server.target);
    const sending = await beginSending(store, "again.bin", 3 * MiB, MiB);
    await putRest(sending, sending.upload);
    await sending.upload.put(sending.parts[1] ?? fail(), bodyOf(sending, sending.parts[1]));
    expect((await sending.upload.receipts()).map(({ part }) => part.number)).toEqual([1, 2]);
    expect(await putRest(sending, sending.upload)).toBe(MiB);
    await sending.upload.complete();
    expect(await readFile(join(server.files, "again.bin"))).toEqual(Buffer.from(sending.bytes));
  });

  test("a part that stops in the middle leaves the parts before it", async () => {
    await using store = sftpStore(server.target);
    const sending = await beginSending(store, "stopped.bin", 8 * MiB, 4 * MiB);
    const [first, second] = sending.parts;
    if (first === undefined || second === undefined) throw new Error("the plan is too short");
    await sending.upload.put(first, bodyOf(sending, first));
    const stop = new AbortController();
    const stopping = bodyWith(bodyOf(sending, second), 2 * MiB, async () => stop.abort(new Error("stopped")));
    await expect(sending.upload.put(second, stopping, { signal: stop.signal })).rejects.toThrow("stopped");
    expect((await sending.upload.receipts()).map(({ part }) => part.number)).toEqual([1]);
    expect(await putRest(sending, sending.upload)).toBe(4 * MiB);
    await sending.upload.complete();
    expect(await readFile(join(server.files, "stopped.bin"))).toEqual(Buffer.from(sending.bytes));
  });

  test("a part ahead of its turn is refused, not left as a hole", async () => {
    await using store = sftpStore(server.target);
    const sending = await beginSending(store, "hole.bin", 2 * MiB, MiB);
    const second = sending.upload.put(sending.parts[1] ?? fail(), bodyOf(sending, sending.parts[1]));
    // It may be tried again, after the one before it.
    await expect(second).rejects.toMatchObject({ code: "unavailable" });
    expect(await sending.upload.receipts()).toEqual([]);
  });

  test("a long name still has room for its temporary one", async () => {
    await using store = sftpStore(server.target);
    const name = "가".repeat(85);
    const sending = await beginSending(store, name, 10, 10);
    await putRest(sending, sending.upload);
    await sending.upload.complete();
    expect(await store.stat(name)).toMatchObject({ size: 10 });
  });

  test("does not land on a folder of its name", async () => {
    await using store = sftpStore(server.target);
    const inside = await beginSending(store, "folder/inside.bin", 1, 1);
    await putRest(inside, inside.upload);
    await inside.upload.complete();
    const sending = await beginSending(store, "folder", 1, 1);
    await putRest(sending, sending.upload);
    await expect(sending.upload.complete()).rejects.toMatchObject({ code: "conflict" });
  });
});

describe("an SFTP server that is not what it should be", () => {
  let server: OpenSshServer;
  beforeAll(async () => {
    server = await openSsh();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  test("is refused by another host key, which is shown", async () => {
    await using store = sftpStore({ ...server.target, hostKey: wrongKey });
    await expect(store.connect()).rejects.toMatchObject({
      code: "forbidden",
      message: `Cannot trust "127.0.0.1:${server.port}": its host key is ${server.target.hostKey}, not ${wrongKey}`,
    });
  });

  test("is refused when its key is not known and nobody vouches for it", async () => {
    const unknown = { ...server.target, hostKey: undefined };
    await using store = sftpStore(unknown);
    await expect(store.connect()).rejects.toMatchObject({ code: "forbidden" });
    await using denied = sftpStore({ ...unknown, verifyHostKey: async () => false });
    await expect(denied.connect()).rejects.toMatchObject({ code: "forbidden" });
  });

  test("is taken when somebody vouches for its fingerprint", async () => {
    const asked: string[] = [];
    const verifyHostKey = async (fingerprint: string): Promise<boolean> => asked.push(fingerprint) > 0;
    await using store = sftpStore({ ...server.target, hostKey: undefined, verifyHostKey });
    await store.connect();
    expect(asked).toEqual([server.target.hostKey]);
  });

  test("that refuses the secret says so", async () => {
    await using store = sftpStore({ ...server.target, privateKey: undefined, password: "wrong" });
    await expect(store.connect()).rejects.toMatchObject({ code: "unauthenticated" });
  });

  test("is not asked with a key that is none", async () => {
    await using store = sftpStore({ ...server.target, privateKey: "nonsense" });
    await expect(store.connect()).rejects.toMatchObject({ code: "invalid" });
  });

  test("that is not there is unreachable", async () => {
    await using store = sftpStore({ ...server.target, port: await freePort() });
    await expect(store.connect()).rejects.toMatchObject({ code: "unreachable" });
  });

  test("that hangs up at once is unreachable", async () => {
    const rude = createServer((socket) => socket.destroy()).listen(0, "127.0.0.1");
    await once(rude, "listening");
    const address = rude.address();
    const port = address !== null && typeof address === "object" ? address.port : 0;
    await using store = sftpStore({ ...server.target, port });
    await expect(store.connect()).rejects.toMatchObject({ code: "unreachable" });
    rude.close();
  });

  test("that refuses to write says so", async () => {
    await using readOnly = await openSsh({ subsystem: "-R" });
    await using store = sftpStore(readOnly.target);
    await expect(store.create({ path: "a.bin", size: 1 })).rejects.toMatchObject({ code: "forbidden" });
  });

  test.skipIf(process.getuid?.() !== 0)(
    "that has no space left says so, and goes on once there is some (needs root)",
    async () => {
      const full = join(server.files, "full");
      await mkdir(full);
      await run("mount", ["-t", "tmpfs", "-o", "size=6m", "naru-test", full]);
      try {
        await using store = sftpStore({ ...server.target, folder: full });
        await writeFile(join(full, "other.bin"), new Uint8Array(2 * MiB));
        const sending = await beginSending(store, "large.bin", 5 * MiB, 5 * MiB);
        await expect(putRest(sending, sending.upload)).rejects.toMatchObject({ code: "no-space" });
        await rm(join(full, "other.bin"));
        expect(await putRest(sending, sending.upload)).toBe(5 * MiB);
        await sending.upload.complete();
      } finally {
        await run("umount", [full]);
      }
    },
  );

  test("whose folder is a file says so", async () => {
    await writeFile(join(server.files, "plain"), "x");
    await chmod(join(server.files, "plain"), 0o644);
    await using store = sftpStore(server.target);
    const making = store.create({ path: "plain/inside.bin", size: 1 });
    await expect(making).rejects.toMatchObject({ name: "TransferError" });
  });
});

function fail(): never {
  throw new Error("the plan is too short");
}
