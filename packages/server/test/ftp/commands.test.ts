import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openFtp } from "./opened-ftp.ts";
import { RawClient, readAll } from "./raw-client.ts";

let ftp: Awaited<ReturnType<typeof openFtp>>;
let client: RawClient;

beforeAll(async () => {
  ftp = await openFtp();
  client = await RawClient.open(ftp.port);
});

afterAll(async () => {
  client[Symbol.dispose]();
  await ftp[Symbol.asyncDispose]();
});

async function send(name: string, text: string): Promise<void> {
  const data = await client.data();
  await client.ask(`STOR ${name}`);
  data.end(text);
  expect(await client.reply()).toMatch(/^226 /u);
}

async function list(command: string): Promise<string[]> {
  const data = await client.data();
  const answer = await client.ask(command);
  if (!answer.startsWith("150")) return [answer];
  const text = (await readAll(data)).toString();
  expect(await client.reply()).toMatch(/^226 /u);
  return text.split("\r\n").slice(0, -1).sort();
}

describe("folders", () => {
  test("are made, entered, told, left and removed", async () => {
    expect(await client.ask('MKD a "b"')).toBe('257 "/a ""b""" created');
    expect(await client.ask('MKD a "b"')).toMatch(/^550 /u);
    expect(await client.ask('CWD a "b"')).toMatch(/^250 /u);
    expect(await client.ask("PWD")).toMatch(/^257 "\/a ""b""" /u);
    expect(await client.ask("CDUP")).toMatch(/^250 "\/" /u);
    expect(await client.ask("CDUP")).toMatch(/^250 "\/" /u);
    expect(await client.ask('RMD a "b"')).toMatch(/^250 /u);
    expect(await client.ask('CWD a "b"')).toMatch(/^550 /u);
    expect(await client.ask('RMD a "b"')).toMatch(/^550 /u);
  });

  test("a path out of the root ends in the root", async () => {
    expect(await client.ask("CWD ../../..")).toMatch(/^250 "\/" /u);
    expect(await client.ask("SIZE ../../etc/passwd")).toBe('550 Cannot find "/etc/passwd": no such file or folder');
  });

  test("one that is not empty is not removed", async () => {
    await client.ask("MKD full");
    await send("full/a.txt", "a");
    expect(await client.ask("RMD full")).toMatch(/^550 /u);
    expect(await client.ask("SIZE full/a.txt")).toBe("213 1");
  });
});

describe("lists", () => {
  beforeAll(async () => {
    await client.ask("MKD lists");
    await client.ask("MKD lists/sub");
    await send("lists/한 글.txt", "12345");
    await client.ask("MFMT 20200102030405 lists/한 글.txt");
  });

  test("are facts for programs", async () => {
    const [folder = "", file] = await list("MLSD lists");
    expect(folder).toMatch(/^type=dir;modify=\d{14};perm=cdeflmp; sub$/u);
    expect(file).toBe("type=file;size=5;modify=20200102030405;perm=adfrw; 한 글.txt");
    expect(await client.ask("MLST lists/한 글.txt")).toBe(
      "250-Listing\r\n type=file;size=5;modify=20200102030405;perm=adfrw; /lists/한 글.txt\r\n250 End",
    );
    expect(await list("MLSD lists/한 글.txt")).toEqual([expect.stringMatching(/^501 /u)]);
  });

  test("tell only the facts asked for", async () => {
    expect(await client.ask("OPTS MLST size;type;unknown;")).toBe("200 MLST OPTS type;size;");
    expect(await list("MLSD lists")).toEqual(["type=dir; sub", "type=file;size=5; 한 글.txt"]);
    await client.ask("OPTS MLST type;size;modify;perm;");
  });

  test("are lines for people, whatever ls would be asked", async () => {
    const lines = ["-rw-r--r-- 1 naru naru             5 Jan  2  2020 한 글.txt"];
    expect((await list("LIST -la lists")).slice(0, 1)).toEqual(lines);
    expect(await list("LIST lists/한 글.txt")).toEqual(lines);
    expect(await list("LIST lists/*.txt")).toEqual(lines);
    expect(await client.ask("STAT lists")).toContain(` ${lines[0]}\r\n`);
  });

  test("of names lead to what they name from the working folder, and begin as the client wrote it", async () => {
    const inFolder = ["lists/sub", "lists/한 글.txt"];
    const asked: Readonly<Record<string, readonly string[]>> = {
      lists: inFolder,
      "lists/": inFolder,
      "-CF lists": inFolder,
      "lists/*": inFolder,
      "/lists": inFolder.map((name) => `/${name}`),
      "/lists/*": inFolder.map((name) => `/${name}`),
      "lists/sub/../../lists/*.txt": ["lists/sub/../../lists/한 글.txt"],
      "./lists/한 글.txt": ["./lists/한 글.txt"],
      "lists/nothing*": [],
      "list?": ["lists"],
    };
    for (const [argument, names] of Object.entries(asked)) {
      const listed = await list(`NLST ${argument}`);
      expect(listed).toEqual(names);
      for (const name of listed.filter((one) => one.endsWith(".txt"))) {
        expect(await client.ask(`SIZE ${name}`)).toBe("213 5");
      }
    }
    await client.ask("CWD lists/sub");
    for (const argument of ["../*.txt", "/lists/*.txt", "..", "/lists"]) {
      const [name = ""] = (await list(`NLST ${argument}`)).filter((one) => one.endsWith(".txt"));
      expect(await client.ask(`SIZE ${name}`)).toBe("213 5");
    }
    await client.ask("CWD /lists");
    for (const argument of ["", "*.txt", ".", "-a", "-la *.txt"]) {
      expect(await list(`NLST ${argument}`.trimEnd())).toContain("한 글.txt");
    }
    expect(await list("NLST sub")).toEqual([]);
    await client.ask("CWD /");
  });

  test("of nothing are refused before 150", async () => {
    expect(await list("LIST nowhere")).toEqual([expect.stringMatching(/^550 /u)]);
    expect(await list("MLSD nowhere")).toEqual([expect.stringMatching(/^550 /u)]);
  });
});

describe("files", () => {
  test("have a size and a time, which may be set in four ways", async () => {
    await send("a b.txt", "12345");
    expect(await client.ask("SIZE a b.txt")).toBe("213 5");
    expect(await client.ask("MFMT 20200102030405 a b.txt")).toBe("213 Modify=20200102030405; a b.txt");
    expect(await client.ask("MDTM a b.txt")).toBe("213 20200102030405");
    expect(await client.ask("MDTM 20210102030405 a b.txt")).toMatch(/^213 /u);
    expect(await client.ask("MDTM a b.txt")).toBe("213 20210102030405");
    expect(await client.ask("SITE UTIME 20220102030405 a b.txt")).toMatch(/^213 /u);
    expect(await client.ask("MDTM a b.txt")).toBe("213 20220102030405");
    const three = "20230102030405 20230102030405 20230102030405";
    expect(await client.ask(`SITE UTIME a b.txt ${three} UTC`)).toMatch(/^213 /u);
    expect(await client.ask("MDTM a b.txt")).toBe("213 20230102030405");
    expect(await client.ask("MFMT 20201302030405 a b.txt")).toMatch(/^501 /u);
    expect(await client.ask("SITE CHMOD 644 a b.txt")).toMatch(/^200 /u);
    expect(await client.ask("SITE CHMOD 644 nothing")).toMatch(/^550 /u);
  });

  test("are renamed, in two steps that follow each other, and removed", async () => {
    await send("old", "1");
    expect(await client.ask("RNTO new")).toMatch(/^503 /u);
    expect(await client.ask("RNFR nothing")).toMatch(/^550 /u);
    expect(await client.ask("RNFR old")).toMatch(/^350 /u);
    await client.ask("PWD");
    expect(await client.ask("RNTO new")).toMatch(/^503 /u);
    await client.ask("RNFR old");
    expect(await client.ask("RNTO new")).toMatch(/^250 /u);
    expect(await client.ask("SIZE old")).toMatch(/^550 /u);
    expect(await client.ask("DELE new")).toMatch(/^250 /u);
    expect(await client.ask("DELE new")).toMatch(/^550 /u);
  });

  test("tell their checksums, as they were taken while the bytes came in", async () => {
    await send("hashed.txt", "hello");
    const sha256 = createHash("sha256").update("hello").digest("hex");
    expect(await client.ask("HASH hashed.txt")).toBe(`213 SHA-256 0-5 ${sha256} hashed.txt`);
    expect(await client.ask("OPTS HASH MD5")).toBe("200 MD5");
    expect(await client.ask("FEAT")).toContain("\r\n HASH SHA-256;MD5*\r\n");
    expect(await client.ask("HASH hashed.txt")).toBe("213 MD5 0-5 5d41402abc4b2a76b9719d911017c592 hashed.txt");
    expect(await client.ask("HASH nothing")).toMatch(/^550 /u);
    await client.ask("OPTS HASH SHA-256");
  });

  test("tell their checksums by reading them, when those were not taken as they came or are of a part", async () => {
    await ftp.store.putFile?.({ path: "by another.txt" }, new Blob(["hello"]));
    const hex = (name: string, text: string): string => createHash(name).update(text).digest("hex");
    expect(await client.ask("HASH by another.txt")).toBe(`213 SHA-256 0-5 ${hex("sha256", "hello")} by another.txt`);
    const asked: Readonly<Record<string, string>> = {
      "XSHA256 by another.txt": hex("sha256", "hello"),
      'XSHA256 "by another.txt"': hex("sha256", "hello"),
      'XMD5 "by another.txt" 0 3': hex("md5", "hel"),
      'XMD5 "by another.txt" 3': hex("md5", "lo"),
      "XCRC by another.txt": "3610a686",
    };
    for (const [command, digest] of Object.entries(asked)) {
      expect(await client.ask(command)).toBe(`250 ${digest.toUpperCase()}`);
    }
    expect(await client.ask('XMD5 "by another.txt" 9')).toMatch(/^553 .* it has 5 bytes$/u);
    expect(await client.ask('XMD5 "by another.txt" 3 1')).toMatch(/^501 /u);
    expect(await client.ask("XCRC nothing")).toMatch(/^550 /u);
  });

  test("one spelling of a name is every spelling of it", async () => {
    await send("나무.txt".normalize("NFD"), "1");
    expect(await client.ask(`SIZE ${"나무.txt".normalize("NFC")}`)).toBe("213 1");
  });

  test("a name that stores cannot bear is refused", async () => {
    await client.data();
    expect(await client.ask("STOR a\\b")).toMatch(/^553 /u);
    await client.data();
    expect(await client.ask(`STOR ${"x".repeat(256)}`)).toMatch(/^553 /u);
  });
});

describe("the server tells", () => {
  test("its features", async () => {
    const text = await client.ask("FEAT");
    const lines = ["EPSV", "MDTM", "MFMT", "MLST type*;size*;modify*;perm*;", "REST STREAM", "SIZE", "TVFS", "UTF8"];
    for (const line of lines) expect(text).toContain(`\r\n ${line}\r\n`);
    expect(text).not.toContain("AUTH");
  });

  test("which settings it takes", async () => {
    const answers = {
      "TYPE I": 200,
      "TYPE A": 200,
      "TYPE E": 504,
      "MODE S": 200,
      "MODE Z": 504,
      "STRU F": 200,
      "STRU R": 504,
      "OPTS UTF8 ON": 200,
      "OPTS HASH SHA-1": 501,
      "OPTS HASH MD5": 200,
      "OPTS X": 501,
      SYST: 215,
      "ALLO x": 501,
      "REST -1": 501,
      "AUTH TLS": 502,
      "EPSV 2": 522,
      XPWD: 257,
      ACCT: 502,
      "constructor x": 500,
    };
    for (const [command, code] of Object.entries(answers)) {
      expect([command, (await client.ask(command)).slice(0, 3)]).toEqual([command, String(code)]);
    }
  });

  test("where to connect, in both ways, and in one after EPSV ALL", async () => {
    using other = await RawClient.open(ftp.port);
    expect(await other.ask("PASV")).toMatch(/^227 .*\(127,0,0,1,\d+,\d+\)/u);
    expect(await other.ask("EPSV 1")).toMatch(/^229 /u);
    expect(await other.ask("EPSV ALL")).toMatch(/^200 /u);
    expect(await other.ask("PASV")).toMatch(/^503 /u);
  });

  test("an address of its choice behind address translation", async () => {
    await using far = await openFtp({ passive: { from: 0, to: 0, address: "192.0.2.7" } });
    using other = await RawClient.open(far.port);
    expect(await other.ask("PASV")).toMatch(/^227 .*\(192,0,2,7,/u);
  });
});
