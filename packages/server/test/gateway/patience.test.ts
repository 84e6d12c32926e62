import { type FailureCode, MiB, TransferError } from "@naru/core";
import { faults, type MemoryFile, memoryStore } from "@naru/core/testing";
import { describe, expect, test } from "vitest";
import { openFtp } from "../ftp/opened-ftp.ts";
import { RawClient as FtpClient } from "../ftp/raw-client.ts";
import { openDoor } from "../sftp/door.ts";
import { close, RawClient as SftpClient, statusOf, write } from "../sftp/raw-client.ts";
import { smallLimits } from "./opened-gateway.ts";

/** A store that refuses to begin an upload, and to write a small file, for one reason; it counts how often it was asked. */
function refusing(code: FailureCode, times = Number.POSITIVE_INFINITY) {
  const files = new Map<string, MemoryFile>();
  const asked = { count: 0 };
  const inner = memoryStore(files, { limits: smallLimits });
  const fault = (): { fail: FailureCode } | undefined => {
    asked.count += 1;
    return asked.count <= times ? { fail: code } : undefined;
  };
  const { create } = faults(inner, ({ kind }) => (kind === "create" ? fault() : undefined));
  const putFile: typeof inner.putFile = async (spec, body, options) => {
    if (fault()) throw new TransferError(code, `Cannot write "${spec.path}": it is time to fail`);
    if (inner.putFile === undefined) throw new Error("the store writes no small files");
    return inner.putFile(spec, body, options);
  };
  return { files, asked, store: Object.assign(memoryStore(files, { limits: smallLimits }), { create, putFile }) };
}

/** Far less than the two minutes that a store which is away is waited for. */
const soonMs = 20_000;

describe.each([
  ["a small file", 1000],
  ["a file of parts", 9 * MiB],
])("%s that the store refuses", (_, size) => {
  test.each(["forbidden", "expired", "no-space"] as const)(
    "as %s is refused over SFTP, soon and in words",
    async (code) => {
      const { store, asked } = refusing(code);
      await using door = await openDoor({ store });
      await using client = await SftpClient.connect(door);
      const began = performance.now();
      const handle = await client.begin("/x.bin");
      client.send(write(2, handle, 0, new Uint8Array(16)));
      const piece = new Uint8Array(32_768);
      for (let at = 16; at < size; at += piece.length) client.send(write(3, handle, at, piece));
      client.send(close(4, handle));
      let last = await client.answer();
      while (last.id !== 4) last = await client.answer();
      expect(statusOf(last)).toMatch(/^[34] Cannot .* it is time to fail$/u);
      expect(performance.now() - began).toBeLessThan(soonMs);
      expect(asked.count).toBeLessThanOrEqual(4);
      expect(await door.store.stat("x.bin")).toBeUndefined();
    },
  );

  test.each(["forbidden", "expired", "no-space"] as const)(
    "as %s is refused over FTP, soon and in words",
    async (code) => {
      const { store } = refusing(code);
      await using ftp = await openFtp({ store });
      using client = await FtpClient.open(ftp.port);
      const began = performance.now();
      const data = await client.data();
      data.on("error", () => undefined);
      await client.ask("STOR x.bin");
      data.end(new Uint8Array(size));
      expect(await client.reply()).toMatch(/^[45]\d\d Cannot .* it is time to fail$/u);
      expect(performance.now() - began).toBeLessThan(soonMs);
      expect(await ftp.store.stat("x.bin")).toBeUndefined();
    },
  );
});

test("a store that is away for a moment costs a client nothing", async () => {
  const { store } = refusing("unavailable", 3);
  await using ftp = await openFtp({ store });
  using client = await FtpClient.open(ftp.port);
  const data = await client.data();
  await client.ask("STOR x.bin");
  data.end("x");
  expect(await client.reply()).toMatch(/^226 /u);
  expect(await ftp.store.stat("x.bin")).toMatchObject({ size: 1 });
});
