import { mkdir, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { expect, test } from "vitest";
import { ConsolePage } from "../harness/console-page.ts";
import { freePort } from "../harness/free-port.ts";
import { Program } from "../harness/program.ts";
import { codeBlocks, commandsIn } from "../harness/readme.ts";
import { openPages } from "../harness/shared-chromium.ts";
import { needs } from "../peers/needs.ts";
import { ceph, makeBucket } from "../peers/shared-ceph.ts";

needs("sftp");

/** What is not run here, and why. */
const leftOut: Readonly<Record<string, string>> = {
  "npm ci && npm test": "it is what runs this",
  "npx naru-agent window": "it needs a desktop",
  "npm run build:agent -- --target win-x64": "the installers have tests of their own",
};
/** Ports that the README names, each of which may be taken here. */
const ports = ["8080", "8081", "2022", "2121", "5173"];

test("both READMEs have the same commands and the same code", async () => {
  const [english = [], korean = []] = await Promise.all(["README.md", "README.ko.md"].map(codeBlocks));
  const plain = (blocks: typeof english) =>
    blocks.map((block) => (block.kind === "sh" ? commandsIn(block) : [block.file, block.text]));
  expect(plain(korean)).toEqual(plain(english));
});

test("who follows the README word by word, in an empty folder, gets there", async () => {
  await using reader = await openReader();
  for (const block of await codeBlocks("README.md")) {
    if (block.kind === "sh") for (const command of commandsIn(block)) await reader.follow(command);
    else await reader.save(block.file ?? "", block.text);
  }
  const { folder } = reader;
  const { size } = await stat(join(folder, "A_cam_0198.mxf"));
  for (const copy of ["fetched.mxf", "footage/2026-11/A_cam_0198.mxf"]) {
    expect([copy, (await stat(join(folder, copy))).size]).toEqual([copy, size]);
  }
  expect((await stat(join(folder, "footage/2026-12"))).isDirectory()).toBe(true);
  const listed = await reader.run("npx naru ls --all --json");
  const paths = listed
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line).path);
  const arrived = ["footage/2026-11/A_cam_0198.mxf", "from-code/film.mxf", "by-sftp.mxf", "in/A_cam_0198.mxf"];
  expect(paths).toEqual(expect.arrayContaining(arrived));

  await using chromium = await openPages();
  const page = await ConsolePage.open(await chromium.newPage(), reader.site, reader.password);
  await page.chooseFiles(join(folder, "send.mjs"));
  await page.waitState("send.mjs", "done");
});

/** Someone with an empty folder, two terminals and what `npm ci` installs. */
async function openReader() {
  // Below the repository, as the reader's own folder is it, and where git looks at nothing.
  await mkdir("naru-data", { recursive: true });
  const folder = await mkdtemp(resolve("naru-data", "readme-"));
  const free = new Map(await Promise.all(ports.map(async (port) => [port, String(await freePort())] as const)));
  const { endpoint, accessKey, secretKey } = ceph();
  const bucket = await makeBucket();
  const env = {
    PATH: process.env["PATH"] ?? "",
    HOME: folder,
    XDG_STATE_HOME: "",
    XDG_DATA_HOME: "",
    NARU_URL: "",
    DISPLAY: "",
  };
  const running: Program[] = [];
  const exported: string[] = [];
  let server: Program | undefined;
  let password = "";
  let hostKey = "";

  /** What a reader puts in the place of what stands for it. */
  function own(text: string): string {
    return (
      text
        .replace(/\b(8080|8081|2022|2121)\b/g, (port) => free.get(port) ?? port)
        .replaceAll("PASSWORD", password)
        // Large enough to have parts, small enough for a test.
        .replace("head -c 300000000", "head -c 30000000")
        .replace("AWS_ACCESS_KEY_ID=...", `AWS_ACCESS_KEY_ID=${accessKey}`)
        .replace("AWS_SECRET_ACCESS_KEY=...", `AWS_SECRET_ACCESS_KEY=${secretKey}`)
        .replace("s3://BUCKET?", `s3://${bucket}?`)
        .replace("https://s3.example.com&region=kr-standard", `${endpoint}&region=us-east-1`)
    );
  }

  function start(command: string): Program {
    const program = new Program("bash", ["-c", [...exported, command].join("\n")], { cwd: folder, env });
    running.push(program);
    return program;
  }

  async function run(command: string): Promise<string> {
    const program = start(command);
    expect([command, await program.exited, program.output]).toEqual([command, 0, expect.anything()]);
    return program.stdout;
  }

  async function serve(command: string): Promise<void> {
    const isFirst = !command.includes("--port");
    // "Stop the server (Ctrl-C)"
    if (isFirst) await server?.kill("SIGINT");
    const program = start(isFirst ? `${command} --port ${free.get("8080")}` : command);
    if (isFirst) server = program;
    await program.printed(/Naru is at/);
    await program.printed(/└─/);
    if (password === "") password = /password\s+(\w+)/.exec(program.stdout)?.[1] ?? "";
    hostKey = /ssh-ed25519 (SHA256:\S+)/.exec(program.stdout)?.[1] ?? hostKey;
    if (!isFirst) await program.kill("SIGINT");
  }

  return {
    folder,
    run,
    get password() {
      return password;
    },
    site: `http://localhost:${free.get("5173")}`,
    save: async (file: string, text: string) => {
      await mkdir(join(folder, dirname(file)), { recursive: true });
      await writeFile(join(folder, file), own(text));
    },
    follow: async (command: string): Promise<void> => {
      if (command in leftOut) return;
      const words = own(command);
      if (command === "npm ci && npm start") await serve("npx naru serve");
      else if (command.startsWith("export ")) exported.push(words);
      else if (command.startsWith("npx naru serve") && !command.includes("--set-cors")) await serve(words);
      // What a person is asked, a script has to say.
      else if (command.startsWith("sftp ")) {
        await run(
          `echo put A_cam_0198.mxf by-sftp.mxf | sftp -b - -o StrictHostKeyChecking=accept-new -o UserKnownHostsFile=known_hosts ${words.slice("sftp ".length)}`,
        );
      } else if (command.startsWith("npx naru-agent send")) {
        await run(`${words} --host-key ${hostKey} --wait && npx naru-agent quit`);
      } else if (command.startsWith("npx vite"))
        await start(`${words} --port ${free.get("5173")} --strictPort`).printed(/Local:/);
      else await run(words);
    },
    async [Symbol.asyncDispose]() {
      for (const program of running) await program.kill("SIGTERM");
      await rm(folder, { recursive: true, force: true });
    },
  };
}
