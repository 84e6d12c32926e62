import { once } from "node:events";
import { mkdir, readFile, stat } from "node:fs/promises";
import { connect } from "node:net";
import ssh2, { type ConnectConfig } from "ssh2";
import { expect, test } from "vitest";
import { needs } from "../../../../test/peers/needs.ts";
import { memoryBans } from "../../src/accounts/bans.ts";
import { Admission } from "../../src/sftp/admission.ts";
import { hostKeys } from "../../src/sftp/host-keys.ts";
import { makeHostKey } from "../../src/sftp/ssh2.ts";
import { tempFolder } from "../stores/temp-folder.ts";
import { type OpenDoor, openDoor, run } from "./door.ts";
import { RawClient } from "./raw-client.ts";

needs("ssh-keygen");

/** Try to enter: how it ended. */
async function enter({ port }: OpenDoor, how: ConnectConfig): Promise<string> {
  const client = new ssh2.Client();
  const ended = new Promise<string>((resolve) => {
    client.on("ready", () => resolve("in"));
    client.on("error", (error) => resolve(error.message));
    client.on("close", () => resolve("closed"));
  });
  client.connect({ host: "127.0.0.1", port, username: "ann", ...how });
  const outcome = await ended;
  client.end();
  return outcome;
}

const refused = "All configured authentication methods failed";

test("a password and a public key let their owner in, nothing else does", async () => {
  await using door = await openDoor();
  const privateKey = await readFile(door.file("id"));
  expect(await enter(door, { password: "secret" })).toBe("in");
  expect(await enter(door, { privateKey })).toBe("in");
  expect(await enter(door, { password: "wrong" })).toBe(refused);
  expect(await enter(door, { username: "bob", password: "secret" })).toBe(refused);
  expect(await enter(door, { username: "bob", privateKey })).toBe(refused);
  const [key] = await door.keys.list("ann");
  expect(key).toMatchObject({ algorithm: "ssh-ed25519", comment: "ann@home" });
  expect(await door.keys.remove("ann", key?.fingerprint ?? "")).toBe(true);
  expect(await enter(door, { privateKey })).toBe(refused);
});

test("a line that is no public key, or a weak one, is refused", async () => {
  await using door = await openDoor();
  const wrong = ["", "ssh-ed25519", "ssh-ed25519 AAAA", 'command="x" ssh-ed25519 AAAA', "ssh-dss AAAAB3NzaC1kc3M= x"];
  for (const line of wrong) await expect(door.keys.add("ann", line)).rejects.toMatchObject({ code: "invalid" });
  const weak = ["-q", "-t", "rsa", "-b", "1024", "-N", "", "-f", door.file("weak")];
  expect((await run("ssh-keygen", weak)).code).toBe(0);
  const line = await readFile(door.file("weak.pub"), "utf8");
  await expect(door.keys.add("ann", line)).rejects.toThrow("an RSA key needs 2048 bits");
  const good = await readFile(door.file("id.pub"), "utf8");
  await expect(door.keys.add("nobody", good)).rejects.toMatchObject({ code: "not-found" });
});

test("who fails too often is banned for a while, and others are not", async () => {
  await using door = await openDoor();
  for (let tries = 0; tries < 15; tries++) expect(await enter(door, { password: `guess ${tries}` })).toBe(refused);
  expect(await enter(door, { password: "secret" })).not.toBe("in");
});

test("a connection has six tries", async () => {
  await using door = await openDoor();
  let tries = 0;
  const client = new ssh2.Client();
  const closed = once(client, "close");
  client.on("error", () => undefined);
  client.connect({
    host: "127.0.0.1",
    port: door.port,
    username: "ann",
    authHandler: (_left, _partial, next) => {
      tries++;
      next({ type: "password", username: "ann", password: `guess ${tries}` });
    },
  });
  await closed;
  expect(tries).toBe(6);
});

test("who does not sign in is cut off", async () => {
  await using door = await openDoor({ limits: { loginMs: 100 } });
  const socket = connect(door.port, "127.0.0.1").resume();
  await once(socket, "close");
  const speaking = connect(door.port, "127.0.0.1").resume();
  speaking.write("SSH-2.0-slow\r\n");
  await once(speaking, "close");
});

test("an address has no more connections than it may", async () => {
  await using door = await openDoor({ limits: { connectionsPerAddress: 2 } });
  await using first = await RawClient.connect(door);
  await using second = await RawClient.connect(door);
  expect(await enter(door, { password: "secret" })).not.toBe("in");
  expect(first.ended || second.ended).toBe(false);
});

test("shells and terminals are refused", async () => {
  await using door = await openDoor();
  await using raw = await RawClient.connect(door);
  const client = raw.client;
  await expect(
    new Promise((resolve, reject) => client.shell((e, made) => (e ? reject(e) : resolve(made)))),
  ).rejects.toThrow();
  await expect(
    new Promise((resolve, reject) =>
      client.forwardOut("127.0.0.1", 1, "127.0.0.1", 2, (e, made) => (e ? reject(e) : resolve(made))),
    ),
  ).rejects.toThrow();
  await expect(
    new Promise((resolve, reject) => client.subsys("netconf", (e, made) => (e ? reject(e) : resolve(made)))),
  ).rejects.toThrow();
});

test("nothing old is spoken", async () => {
  await using door = await openDoor();
  const old: ConnectConfig["algorithms"][] = [
    { cipher: ["aes128-cbc"] },
    { kex: ["diffie-hellman-group14-sha1"] },
    { serverHostKey: ["ssh-rsa"] },
    { cipher: ["aes128-ctr"], hmac: ["hmac-sha1"] },
    { compress: ["zlib@openssh.com"] },
  ];
  for (const algorithms of old) {
    const outcome = await enter(door, { password: "secret", algorithms: algorithms ?? {} });
    expect([algorithms, outcome]).toEqual([algorithms, expect.stringContaining("no matching")]);
  }
});

test("old clients that know RSA host keys only are served, with SHA-2", async () => {
  await using door = await openDoor();
  for (const serverHostKey of ["rsa-sha2-512", "rsa-sha2-256"] as const) {
    expect(await enter(door, { password: "secret", algorithms: { serverHostKey: [serverHostKey] } })).toBe("in");
  }
});

test("strangers are turned away by chance first, then always", async () => {
  const bans = memoryBans({ now: () => 0 });
  const startups = { begin: 2, share: 0.5, full: 4 };
  const lucky = new Admission({ bans, perAddress: 100, startups, random: () => 0.99 });
  const unlucky = new Admission({ bans, perAddress: 100, startups, random: () => 0 });
  const enterAll = (admission: Admission) =>
    Promise.all([1, 2, 3, 4, 5].map(async () => typeof (await admission.enter("10.0.0.1")) !== "string"));
  expect(await enterAll(lucky)).toEqual([true, true, true, true, false]);
  expect(await enterAll(unlucky)).toEqual([true, true, false, false, false]);
});

test("too many connections ban an address of strangers, not one whose people have signed in", async () => {
  const bans = memoryBans({ now: () => 0, threshold: 3 });
  const admission = new Admission({ bans, perAddress: 1, startups: { begin: 9, share: 0, full: 9 } });
  const tooMany = "too many connections from the address";
  const [office, stranger] = ["10.0.0.1", "10.0.0.2"];
  const guest = await admission.enter(office);
  if (typeof guest === "string") throw new Error(guest);
  guest.known();
  expect(await admission.enter(office)).toBe(tooMany);
  expect(await bans.isBanned(office)).toBe(false);
  await admission.enter(stranger);
  expect(await admission.enter(stranger)).toBe(tooMany);
  expect(await bans.isBanned(stranger)).toBe(true);
  guest.left();
  await admission.enter(office);
  expect(await admission.enter(office)).toBe(tooMany);
  expect(await bans.isBanned(office)).toBe(true);
});

test("a score fades, and a ban ends", async () => {
  let now = 0;
  const bans = memoryBans({ now: () => now, threshold: 3, memoryMs: 100, banMs: 1000 });
  await bans.fail("10.0.0.1", 2);
  now = 150;
  await bans.fail("10.0.0.1", 2);
  expect(await bans.isBanned("10.0.0.1")).toBe(false);
  await bans.fail("::ffff:10.0.0.1");
  expect([await bans.isBanned("10.0.0.1"), await bans.isBanned("10.0.0.2")]).toEqual([true, false]);
  now = 1149;
  expect(await bans.isBanned("10.0.0.1")).toBe(true);
  now = 1151;
  expect(await bans.isBanned("10.0.0.1")).toBe(false);
  await bans.fail("10.0.0.1");
  expect(await bans.isBanned("10.0.0.1")).toBe(false);
});

test("a host key that was made can be read, whatever byte it begins with", async () => {
  const pems = await Promise.all(Array.from({ length: 1500 }, () => makeHostKey("ed25519")));
  expect(pems.filter((pem) => ssh2.utils.parseKey(pem) instanceof Error)).toEqual([]);
});

test("host keys are made once, for their owner's eyes only, and ssh-keygen tells the same fingerprints", async () => {
  await using folder = await tempFolder();
  await mkdir(`${folder.path}/data`);
  const made = await hostKeys(`${folder.path}/data`);
  expect(await hostKeys(`${folder.path}/data`)).toEqual(made);
  expect(made.map(({ algorithm }) => algorithm)).toEqual(["ssh-ed25519", "ssh-rsa"]);
  for (const [index, kind] of ["ed25519", "rsa"].entries()) {
    const file = `${folder.path}/data/ssh_host_${kind}_key`;
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await run("ssh-keygen", ["-l", "-f", file])).output).toContain(made[index]?.fingerprint);
  }
});
