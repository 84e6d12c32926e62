import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Amount, type Client, type Column, type Quirk, sizes } from "../clients/client.ts";
import { clients, columns, fill, pages } from "../clients/page.ts";
import { openPlace, type Place } from "../clients/place.ts";
import { quirks } from "../clients/quirks.ts";
import { trees } from "../clients/trees.ts";
import { needs } from "../peers/needs.ts";

needs(
  "curl",
  "lftp",
  "ncftp",
  "tnftp",
  "wget",
  "psftp",
  "sshfs",
  "fusermount",
  "rsync",
  "rclone",
  "/usr/lib/python3/dist-packages/asyncssh/__init__.py",
  "/usr/lib/python3/dist-packages/paramiko/__init__.py",
  "/usr/share/perl5/Net/SFTP/Foreign.pm",
  "/usr/share/rubygems-integration/all/gems/net-sftp-4.0.0/lib/net/sftp.rb",
  "php",
  "/usr/lib/php/20220829/ssh2.so",
  "wput",
  "busybox",
  "restic",
  "duplicity",
  "wget2",
  "aria2c",
  "axel",
  "http",
  "/usr/lib/python3/dist-packages/requests/__init__.py",
);

const whole = randomBytes(sizes.whole);
const half = whole.subarray(0, sizes.half);
/** A beginning of other bytes: who resumes leaves it as it is, and who begins anew is found out. */
const begun = Buffer.concat([Buffer.alloc(1000), half.subarray(1000)]);
const resumed = Buffer.concat([begun, whole.subarray(sizes.half)]);
const amounts: Readonly<Record<Quirk["after"], Buffer | undefined>> = {
  nothing: undefined,
  half,
  whole,
  "half, then whole": Buffer.concat([half, whole]),
};

for (const where of ["folder", "bucket"] as const) {
  describe.concurrent(`in front of a ${where}`, () => {
    let place: Place;
    beforeAll(async () => {
      place = await openPlace(where);
    });
    afterAll(() => place[Symbol.asyncDispose]());

    for (const [index, client] of clients.entries()) {
      if (where === "bucket" ? !client.bucket : !columns.some((column) => client[column])) continue;
      test(`${client.program} at the ${client.door} door: as docs/clients.md says`, async () => {
        await everyDeed(place, client, `client-${index}.bin`);
      });
    }

    if (where === "bucket") return;
    for (const [index, quirk] of quirks.entries()) {
      test(`${quirk.program}, ${quirk.use.en}: ${quirk.outcome.en}`, async () => {
        await asSaid(place, quirk, `quirk-${index}.bin`);
      });
    }

    for (const { program, door, device, did, steps, restored } of trees) {
      test.skipIf(device && !existsSync(device))(
        `${program} over ${door}: ${did.en}${device ? ` (needs ${device})` : ""}`,
        async () => {
          const cwd = await place.folder();
          await writeFile(join(cwd, "in.bin"), whole);
          await mkdir(join(cwd, "source"));
          await writeFile(join(cwd, "source", "데이터.bin"), whole);
          for (const step of steps(place.doors)) {
            const { code, output } = await place.run(door, step, cwd);
            expect(code, output).toBe(0);
          }
          if (restored) expect(same(await readFile(join(cwd, restored, "데이터.bin")), whole)).toBe(true);
        },
      );
    }
  });
}

async function everyDeed(place: Place, client: Client, remote: string): Promise<void> {
  const cwd = await place.folder();
  const ended = async (column: Column, local: string) => {
    const deed = client[column];
    if (!deed) return undefined;
    const { code, output } = await place.run(client.door, deed(place.doors, { local, remote }), cwd);
    expect(code, `${column}: ${output}`).toBe(0);
    return output;
  };
  await writeFile(join(cwd, "in.bin"), whole);
  if ((await ended("upload", "in.bin")) === undefined) await place.put(remote, whole);
  expect(same(await place.get(remote), whole)).toBe(true);
  const listed = await ended("list", "");
  if (listed !== undefined) expect(listed).toContain(remote);
  for (const column of ["download", "resumeDownload"] as const) {
    if (column === "resumeDownload") await writeFile(join(cwd, column), begun);
    if ((await ended(column, column)) === undefined) continue;
    const expected = column === "resumeDownload" ? resumed : whole;
    expect(same(await readFile(join(cwd, column)), expected), column).toBe(true);
  }
  if (!client.resumeUpload) return;
  await place.put(remote, begun);
  await ended("resumeUpload", "in.bin");
  expect(same(await place.get(remote), resumed), "resumeUpload").toBe(true);
}

async function asSaid(place: Place, quirk: Quirk, remote: string): Promise<void> {
  const cwd = await place.folder();
  const amount = (name: Amount): Buffer | undefined => amounts[name];
  const [there, here] = [amount(quirk.before.remote), amount(quirk.before.local)];
  if (there) await place.put(remote, there);
  if (here) await writeFile(join(cwd, "local.bin"), here);
  const { code, output } = await place.run(quirk.door, quirk.run(place.doors, { local: "local.bin", remote }), cwd);
  expect(quirk.code === "not 0" && code !== 0 ? "not 0" : code, output).toBe(quirk.code);
  if (quirk.prints) expect(output).toMatch(quirk.prints);
  expect(same(await place.get(remote), amounts[quirk.after])).toBe(true);
  const kept = quirk.before.local === "nothing" ? undefined : await readFile(join(cwd, "local.bin"));
  expect(same(kept, here)).toBe(true);
}

/** Buffers of megabytes are compared here: a runner's difference of them takes minutes to print. */
function same(left: Buffer | undefined, right: Buffer | undefined): boolean {
  return left === undefined || right === undefined ? left === right : left.equals(right);
}

for (const language of ["en", "ko"] as const) {
  test(`the tables of the ${language} page are those that npm run clients writes`, async () => {
    const page = await readFile(pages[language], "utf8");
    expect(fill(page, language)).toBe(page);
  });
}

test("what another test file is said to hold names the program", async () => {
  for (const { program, elsewhere } of clients) {
    if (!elsewhere) continue;
    const [name = ""] = /\b(?:sftp|psftp|lftp|curl|rclone|paramiko|ftplib)\b/.exec(program) ?? [];
    expect(await readFile(elsewhere.file, "utf8")).toContain(name || program);
  }
});

// The versions are those of Debian 12; another release has others, whose outcomes are held above all the same.
const debian12 = /VERSION_ID="12"/.test(await readFile("/etc/os-release", "utf8").catch(() => ""));
test.skipIf(!debian12)("the versions of the page are those that Debian 12 installs (needs Debian 12)", async () => {
  const rows = [...clients, ...trees];
  const names = [...new Set(rows.map(({ debian }) => debian))];
  const { stdout } = await promisify(execFile)("dpkg-query", ["-W", `-f=\${Package} \${Version}\n`, ...names]);
  const installed = new Map(
    stdout
      .trim()
      .split("\n")
      .map((line) => line.split(" ") as [string, string]),
  );
  for (const { debian, version } of rows) {
    const upstream = installed.get(debian)?.replace(/^\d+:/, "") ?? "";
    expect(upstream, debian).toMatch(new RegExp(`^${version.replaceAll(".", "\\.")}(?!\\d)`));
  }
});
