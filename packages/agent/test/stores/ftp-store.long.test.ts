import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { MiB } from "@naru/core";
import { describe, expect, test } from "vitest";
import { freePort } from "../../../../test/harness/free-port.ts";
import { ftpStore } from "../../src/stores/ftp-store.ts";
import { beginSending, bodyOf, bodyWith, putRest } from "./part-bodies.ts";
import { type FtpServer, pyftpdlib } from "./pyftpdlib.ts";
import { vsftpd } from "./vsftpd.ts";

const makes: Readonly<Record<string, () => Promise<FtpServer>>> = {
  pyftpdlib: () => pyftpdlib(),
  "a server without REST": () => pyftpdlib("append-only"),
  "vsftpd over TLS": () => vsftpd("explicit"),
};

describe.each(Object.entries(makes))("a file sent to %s", (_, start) => {
  test("waits under a temporary name and stands under its own once it is whole", async () => {
    await using server = await start();
    await using store = ftpStore(server.target);
    const sending = await beginSending(store, "보고서/2026 봄.bin", 3 * MiB, MiB);
    await putRest(sending, sending.upload);
    expect(await readdir(join(server.files, "보고서"))).toEqual([
      expect.stringMatching(/^2026 봄\.bin\.[0-9a-f]{8}\.partial$/),
    ]);
    await sending.upload.complete();
    expect(await readdir(join(server.files, "보고서"))).toEqual(["2026 봄.bin"]);
    expect(await readFile(join(server.files, "보고서/2026 봄.bin"))).toEqual(Buffer.from(sending.bytes));
  });

  test("goes on after the server was killed in the middle of a part, and only the rest travels", async () => {
    await using server = await start();
    await using store = ftpStore(server.target);
    const sending = await beginSending(store, "큰 파일.bin", 10 * MiB, 4 * MiB);
    const [first, second] = sending.parts;
    if (first === undefined || second === undefined) throw new Error("the plan is too short");
    await sending.upload.put(first, bodyOf(sending, first));
    const dying = bodyWith(bodyOf(sending, second), 2 * MiB, () => server.kill());
    await expect(sending.upload.put(second, dying)).rejects.toMatchObject({ code: "unreachable" });
    await server.start();
    await using later = ftpStore(server.target);
    const upload = await later.resume(sending.upload.id);
    expect(await putRest(sending, upload)).toBe(6 * MiB);
    await upload.complete();
    expect(await readFile(join(server.files, "큰 파일.bin"))).toEqual(Buffer.from(sending.bytes));
  });

  test("goes on after a part stopped in the middle", async () => {
    await using server = await start();
    await using store = ftpStore(server.target);
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
});

test("a file keeps its date where the server can", async () => {
  await using server = await pyftpdlib();
  await using store = ftpStore(server.target);
  const sending = await beginSending(store, "dated.bin", 10, 10);
  await putRest(sending, sending.upload);
  expect((await sending.upload.complete()).modified.toISOString()).toBe("2021-03-04T05:06:07.000Z");
  expect((await stat(join(server.files, "dated.bin"))).mtime.toISOString()).toBe("2021-03-04T05:06:07.000Z");
});

describe("an FTP server that is not what it should be", () => {
  test("without TLS gets no password", async () => {
    await using server = await pyftpdlib();
    await using store = ftpStore({ ...server.target, secure: undefined });
    await expect(store.connect()).rejects.toMatchObject({ code: "unsupported" });
  });

  test("whose certificate nobody signed is refused", async () => {
    await using server = await vsftpd("explicit");
    await using store = ftpStore({ ...server.target, ca: undefined });
    await expect(store.connect()).rejects.toMatchObject({ code: "forbidden" });
  });

  test("is taken by the fingerprint of its certificate, and refused by another", async () => {
    await using server = await vsftpd("explicit");
    await using other = ftpStore({ ...server.target, ca: undefined, certificate: "AA:BB" });
    const refusal = await other.connect().catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: "forbidden" });
    const found = /certificate is ([0-9A-F:]+),/.exec(refusal instanceof Error ? refusal.message : "")?.[1];
    await using store = ftpStore({ ...server.target, ca: undefined, certificate: found });
    await store.connect();
  });

  test("that refuses the password says so", async () => {
    await using server = await pyftpdlib();
    await using store = ftpStore({ ...server.target, password: "wrong" });
    await expect(store.connect()).rejects.toMatchObject({ code: "unauthenticated" });
  });

  test("that is not there is unreachable", async () => {
    const target = { host: "127.0.0.1", port: await freePort(), user: "nari", password: "x", secure: false } as const;
    await using store = ftpStore(target);
    await expect(store.connect()).rejects.toMatchObject({ code: "unreachable" });
  });
});
