import { readFile, writeFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { MiB, makeFile, sha256File } from "../harness/big-file.ts";
import { curl, gatewayWorld, lftp } from "../harness/gateway-world.ts";
import { admin } from "../harness/naru-server.ts";
import { needs } from "../peers/needs.ts";

needs("psftp", "rclone");

/** More than one part of the store, and a byte. */
const size = 24 * MiB + 1;
const folder = "측정 자료";
const big = "큰 파일 (1).bin";

test("OpenSSH's sftp puts, lists, gets, renames and removes files of no bytes and of parts", async () => {
  await using world = await gatewayWorld();
  const sha256 = await makeFile(world.file("in.bin"), size);
  await writeFile(world.file("none"), "");
  const at = `"${folder}/${big}"`;
  const listed = await world.run(
    await world.sftp(`mkdir "${folder}"`, `put in.bin ${at}`, `put none "${folder}/빈 파일"`, `ls -l "${folder}"`),
  );
  expect(listed).toMatch(/ 25165825 .*큰 파일 \(1\)\.bin/u);
  expect(listed).toMatch(/ 0 .*빈 파일/u);
  expect(await world.bucket.sha256(`${folder}/${big}`)).toBe(sha256);
  expect(await world.bucket.unfinished()).toBe(0);

  await world.run(await world.sftp(`get ${at} out.bin`, `rename "${folder}/빈 파일" "${folder}/none"`));
  expect(await sha256File(world.file("out.bin"))).toBe(sha256);
  await world.run(await world.sftp(`rm ${at}`, `rm "${folder}/none"`, `rmdir "${folder}"`));
  expect(await world.bucket.sha256(`${folder}/${big}`)).toBeUndefined();
  expect(await world.run(await world.sftp("ls -l"))).not.toContain(folder);
});

for (const door of ["sftp", "ftps"] as const) {
  test(`lftp (${door}) puts, lists, gets, renames and removes`, async () => {
    await using world = await gatewayWorld();
    const sha256 = await makeFile(world.file("in.bin"), size);
    await writeFile(world.file("none"), "");
    const put = `mkdir "${folder}"; put in.bin -o "${folder}/${big}"; put none -o "${folder}/none"`;
    const listed = await world.run(lftp(world, door, `${put}; cls -l "${folder}"`));
    expect(listed).toContain(big);
    expect(await world.bucket.sha256(`${folder}/${big}`)).toBe(sha256);

    await world.run(lftp(world, door, `get "${folder}/${big}" -o out.bin; mv "${folder}/none" "${folder}/다른 이름"`));
    expect(await sha256File(world.file("out.bin"))).toBe(sha256);
    expect(await world.bucket.sha256(`${folder}/다른 이름`)).toBeDefined();
    await world.run(lftp(world, door, `rm "${folder}/${big}"; rm "${folder}/다른 이름"; rmdir "${folder}"`));
    expect(await world.run(lftp(world, door, "cls"))).toBe("");
  });

  test(`curl (${door}) puts, lists and gets, whole and in part`, async () => {
    await using world = await gatewayWorld();
    const sha256 = await makeFile(world.file("in.bin"), size);
    const path = `${folder}/${big}`;
    await world.run(curl(world, door, "--ftp-create-dirs", "-T", "in.bin", path));
    expect(await world.bucket.sha256(path)).toBe(sha256);
    expect(await world.run(curl(world, door, `${folder}/`))).toMatch(/ 25165825 .*큰 파일/u);
    await world.run(curl(world, door, "-o", "out.bin", path));
    expect(await sha256File(world.file("out.bin"))).toBe(sha256);
    await world.run(curl(world, door, "-r", "25165800-", "-o", "tail.bin", path));
    const whole = await readFile(world.file("in.bin"));
    expect((await readFile(world.file("tail.bin"))).equals(whole.subarray(25_165_800))).toBe(true);
  });
}

test("psftp, rclone over SFTP and rclone over FTPS carry a file each way", async () => {
  await using world = await gatewayWorld();
  const sha256 = await makeFile(world.file("in.bin"), size);
  const key = /SHA256:\S+/.exec(world.server.output)?.[0] ?? "";
  await writeFile(world.file("script"), "put in.bin psftp.bin\nget psftp.bin psftp-out.bin\n");
  const who = ["-l", admin.user, "-pw", admin.password, "-P", String(world.ssh.port), "-hostkey", key];
  await world.run(["psftp", "-batch", ...who, "-b", "script", "127.0.0.1"]);
  expect(await world.bucket.sha256("psftp.bin")).toBe(sha256);
  expect(await sha256File(world.file("psftp-out.bin"))).toBe(sha256);

  const secret = (await world.run(["rclone", "obscure", admin.password])).trim();
  const remotes = {
    sftp: `:sftp,host=127.0.0.1,port=${world.ssh.port},user=${admin.user},pass='${secret}',shell_type=none:`,
    ftp: `:ftp,host=127.0.0.1,port=${world.ftpPort},user=${admin.user},pass='${secret}',explicit_tls=true,no_check_certificate=true:`,
  };
  for (const [name, remote] of Object.entries(remotes)) {
    await world.run(["rclone", "copyto", "in.bin", `${remote}${name}/rclone.bin`]);
    expect(await world.bucket.sha256(`${name}/rclone.bin`)).toBe(sha256);
    await world.run(["rclone", "copyto", `${remote}${name}/rclone.bin`, `${name}-out.bin`]);
    expect(await sha256File(world.file(`${name}-out.bin`))).toBe(sha256);
  }
});
