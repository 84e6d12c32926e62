import { execFile } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { MiB, makeFile, sha256File } from "../../../../test/harness/big-file.ts";
import { Program } from "../../../../test/harness/program.ts";
import { needs } from "../../../../test/peers/needs.ts";
import { silentLog } from "../../src/logger.ts";
import { type TempFolder, tempFolder } from "../stores/temp-folder.ts";
import { certificate, openFtp, password, user } from "./opened-ftp.ts";

needs("curl", "lftp", "rclone");

const run = promisify(execFile);
const size = 24 * MiB;
const tls = await certificate();

let ftp: Awaited<ReturnType<typeof openFtp>>;
let folder: TempFolder;
/** Where each upload that arrived began: what did not have to travel again. */
let began: number[];

beforeEach(async () => {
  folder = await tempFolder();
  began = [];
  const quiet = silentLog();
  const info = (fields: object): void => {
    if ("from" in fields) began.push(Number(fields.from));
  };
  ftp = await openFtp({
    tls: { ...tls, allowPlain: true },
    requireSessionReuse: true,
    log: { info, warn: quiet.warn.bind(quiet), error: quiet.error.bind(quiet) },
  });
});

afterEach(async () => {
  await ftp[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

/** Start a client, and kill it without warning once some of the file has come. */
async function killedMidway(command: string, args: readonly string[], path: string): Promise<number> {
  await using client = new Program(command, args);
  let arrived = 0;
  while (arrived < 2 * MiB && client.running) {
    // All is in this process and in memory: the door must have its turn.
    await nextTurn();
    arrived = (await ftp.files.stat(path))?.size ?? 0;
  }
  await client.kill("SIGKILL");
  return arrived;
}

for (const security of ["in the clear", "over TLS"] as const) {
  const secure = security === "over TLS";

  describe(`curl, ${security}`, () => {
    const curl = (...args: string[]) =>
      run("curl", ["-q", "-sS", ...(secure ? ["--ssl-reqd", "-k"] : []), ...args], { encoding: "utf8" });

    test("puts a Korean name, lists it, gets it whole and in part", async () => {
      const from = join(folder.path, "a.bin");
      const to = join(folder.path, "b.bin");
      const hash = await makeFile(from, 3 * MiB + 1);
      const url = `${ftp.url}${encodeURIComponent("한글 파일.bin")}`;
      await curl("-T", from, url);
      expect((await curl(ftp.url)).stdout).toMatch(/^-rw-r--r-- .* 3145729 .* 한글 파일\.bin\r?\n$/u);
      expect((await curl("-l", ftp.url)).stdout.trim()).toBe("한글 파일.bin");
      await curl("-o", to, url);
      expect(await sha256File(to)).toBe(hash);
      await curl("-r", "3000000-", "-o", to, url);
      expect((await readFile(to)).equals((await readFile(from)).subarray(3_000_000))).toBe(true);
    });

    test("puts an empty file, renames, removes", async () => {
      const from = join(folder.path, "none");
      await writeFile(from, "");
      await curl("-T", from, `${ftp.url}none`);
      await curl(ftp.url, "-Q", "RNFR none", "-Q", "RNTO other");
      expect(await ftp.files.stat("/other")).toMatchObject({ size: 0, arriving: false });
      await curl(ftp.url, "-Q", "DELE other");
      expect(await ftp.files.stat("/other")).toBeUndefined();
    });

    test("killed in the middle goes on where it was", async () => {
      const from = join(folder.path, "a.bin");
      const hash = await makeFile(from, size);
      const flags = ["-q", "-sS", ...(secure ? ["--ssl-reqd", "-k"] : [])];
      const url = `${ftp.url}a.bin`;
      const arrived = await killedMidway("curl", [...flags, "--limit-rate", "3M", "-T", from, url], "/a.bin");
      expect(arrived).toBeLessThan(size);
      await curl("-C", "-", "-T", from, url);
      expect(began.every((at) => at >= 2 * MiB)).toBe(true);
      const to = join(folder.path, "b.bin");
      await curl("-o", to, url);
      expect(await sha256File(to)).toBe(hash);
    });
  });

  describe(`lftp, ${security}`, () => {
    const settings = [
      "set net:max-retries 1; set net:timeout 20; set ssl:verify-certificate no;",
      secure ? "set ftp:ssl-force yes;" : "set ftp:ssl-allow no;",
    ].join(" ");
    const script = (commands: string): string[] => {
      const place = `open -u ${user},${password} ftp://127.0.0.1:${ftp.port}`;
      return ["--norc", "-c", `${settings} ${place}; set cmd:fail-exit yes; ${commands}`];
    };
    const lftp = (commands: string) => run("lftp", script(commands), { encoding: "utf8" });

    test("puts, gets, lists, moves, makes and removes", async () => {
      const from = join(folder.path, "a.bin");
      const hash = await makeFile(from, 2 * MiB);
      const to = join(folder.path, "b.bin");
      await lftp(`mkdir d; put ${from} -o d/나무.bin; mv d/나무.bin d/b.bin; get d/b.bin -o ${to}; chmod 600 d/b.bin`);
      expect(await sha256File(to)).toBe(hash);
      expect((await lftp("cls -1 d")).stdout).toBe("d/b.bin\n");
      await lftp("rm d/b.bin; rmdir d");
      expect(await ftp.files.stat("/d")).toBeUndefined();
    });

    test("mirrors a folder, times too, and has nothing to do the second time", async () => {
      const tree = join(folder.path, "tree");
      await mkdir(join(tree, "가 나"), { recursive: true });
      for (const name of ["a.txt", "가 나/b.txt", "none"])
        await writeFile(join(tree, name), name === "none" ? "" : name);
      await lftp(`mirror -R ${tree} tree`);
      expect(await ftp.files.stat("/tree/가 나/b.txt")).toMatchObject({ size: 13 });
      const again = await lftp(`mirror -R -v ${tree} tree`);
      expect(again.stdout).not.toMatch(/Transferring/u);
    });

    test("killed in the middle goes on where it was, with put -c", async () => {
      const from = join(folder.path, "a.bin");
      const hash = await makeFile(from, size);
      const slow = script(`set net:limit-rate 3M; put ${from} -o a.bin`);
      const arrived = await killedMidway("lftp", slow, "/a.bin");
      expect(arrived).toBeLessThan(size);
      await lftp(`put -c ${from} -o a.bin`);
      expect(began.every((at) => at >= 2 * MiB)).toBe(true);
      const to = join(folder.path, "b.bin");
      await lftp(`get a.bin -o ${to}`);
      expect(await sha256File(to)).toBe(hash);
    });
  });

  test(`rclone, ${security}, copies a tree there and back`, async () => {
    const tree = join(folder.path, "tree");
    await mkdir(join(tree, "가 나"), { recursive: true });
    for (const name of ["a.txt", "가 나/b.txt"]) await writeFile(join(tree, name), name);
    await makeFile(join(tree, "c.bin"), 2 * MiB);
    const secret = (await run("rclone", ["obscure", password])).stdout.trim();
    const place = ["--ftp-host", "127.0.0.1", "--ftp-port", String(ftp.port), "--ftp-user", user, "--ftp-pass", secret];
    const more = ["--config", "/dev/null", "--retries", "1", "--ftp-no-check-certificate"];
    const rclone = (...args: string[]) =>
      run("rclone", [...args, ...place, ...more, ...(secure ? ["--ftp-explicit-tls"] : [])]);
    await rclone("copy", tree, ":ftp:tree");
    await rclone("check", "--download", tree, ":ftp:tree");
    await rclone("purge", ":ftp:tree");
    expect(await ftp.files.stat("/tree/a.txt")).toBeUndefined();
  });
}

for (const version of ["TLSv1_2", "TLSv1_3"] as const) {
  test(`Python's ftplib does what it can do, over ${version}`, async () => {
    // Its sessions of 1.3 cannot be carried over to another connection.
    await using place = await openFtp({ tls, requireSessionReuse: version === "TLSv1_2" });
    const program = `
import ftplib, io, ssl, sys
class Reusing(ftplib.FTP_TLS):
    def ntransfercmd(self, cmd, rest=None):
        conn, size = ftplib.FTP.ntransfercmd(self, cmd, rest)
        if self._prot_p:
            session = self.sock.session if self.sock.version() == "TLSv1.2" else None
            conn = self.context.wrap_socket(conn, server_hostname=self.host, session=session)
        return conn, size
context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
context.check_hostname = False
context.verify_mode = ssl.CERT_NONE
context.maximum_version = context.minimum_version = ssl.TLSVersion.${version}
ftp = Reusing(context=context)
ftp.encoding = "utf-8"
ftp.connect("127.0.0.1", int(sys.argv[1]), timeout=20)
ftp.login(sys.argv[2], sys.argv[3])
ftp.prot_p()
for n in range(5):
    ftp.storbinary("STOR big.bin", io.BytesIO(bytes(3000000)))
    assert ftp.size("big.bin") == 3000000
ftp.delete("big.bin")
ftp.mkd("d"); ftp.cwd("d"); assert ftp.pwd() == "/d"
ftp.storbinary("STOR 가.txt", io.BytesIO(b"0123456789"))
ftp.storbinary("APPE 가.txt", io.BytesIO(b"ab"))
assert ftp.size("가.txt") == 12
out = io.BytesIO(); ftp.retrbinary("RETR 가.txt", out.write, rest=8); assert out.getvalue() == b"89ab"
ftp.storbinary("STOR 가.txt", io.BytesIO(b"xyz"), rest=10)
out = io.BytesIO(); ftp.retrbinary("RETR 가.txt", out.write); assert out.getvalue() == b"0123456789xyz"
assert [(name, facts["size"]) for name, facts in ftp.mlsd()] == [("가.txt", "13")]
assert ftp.nlst() == ["가.txt"]
ftp.rename("가.txt", "b"); ftp.delete("b"); ftp.cwd(".."); ftp.rmd("d")
assert ftp.nlst() == []
ftp.quit()
print("well")
`;
    const { stdout } = await run("python3", ["-c", program, String(place.port), user, password]);
    expect(stdout.trim()).toBe("well");
  });
}
