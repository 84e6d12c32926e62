import { execFile } from "node:child_process";
import { mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { needs } from "../../../../test/peers/needs.ts";
import { fileStore } from "../../src/stores/file/file-store.ts";
import { openS3 } from "../stores/opened-bucket.ts";
import { tempFolder } from "../stores/temp-folder.ts";
import { openFtp, password, user } from "./opened-ftp.ts";

needs("lftp", "ncftp", "tnftp", "rclone");

const run = promisify(execFile);

/** The same names in the folder and above it: a client that loses the folder meets the wrong file, and no error. */
const tree = ["a.txt", "b.txt", "tn/a.txt", "tn/나무 1.txt", "tn/keep.bin"];
const texts = ["tn/a.txt", "tn/나무 1.txt"];

const lftp = (commands: string): string => `lftp --norc -u $USER,$PASS -p $PORT -e '${commands}; bye' 127.0.0.1`;
const tnftp = (command: string): string =>
  `printf 'user %s %s\\n${command}\\n' $USER $PASS | tnftp -n -i 127.0.0.1 $PORT`;
const rclone = (command: string): string =>
  `rclone --config /dev/null --ftp-host 127.0.0.1 --ftp-port $PORT --ftp-user $USER --ftp-pass $(rclone obscure $PASS) ${command}`;

/** How users fetch, and remove, all texts of a folder: in a shell, in a folder that has an empty "tn". */
const clients: Readonly<Record<string, { readonly get: string; readonly remove?: string }>> = {
  tnftp: { get: tnftp("mget tn/*.txt"), remove: tnftp("mdelete tn/*.txt") },
  ncftp: {
    get: "ncftpget -u $USER -p $PASS -P $PORT 127.0.0.1 tn 'tn/*.txt'",
    remove: "echo 'rm tn/*.txt' | ncftp -u $USER -p $PASS -P $PORT 127.0.0.1",
  },
  lftp: { get: lftp("mget -d tn/*.txt"), remove: lftp("mrm tn/*.txt") },
  wget: { get: "wget -q -P tn 'ftp://'$USER:$PASS@127.0.0.1:$PORT'/tn/*.txt'" },
  rclone: { get: rclone("copy --include '*.txt' :ftp:tn tn"), remove: rclone("delete --include '*.txt' :ftp:tn") },
};

const stores = {
  file: async () => {
    const folder = await tempFolder();
    return { store: await fileStore(folder.path), [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() };
  },
  Ceph: openS3,
};

for (const [storeName, open] of Object.entries(stores)) {
  describe(`a pattern in a folder, over ${storeName}`, () => {
    const stack = new AsyncDisposableStack();
    let ftp: Awaited<ReturnType<typeof openFtp>>;

    beforeAll(async () => {
      ftp = stack.use(await openFtp({ store: stack.use(await open()).store }));
    });

    afterAll(() => stack.disposeAsync());

    async function shell(script: string, cwd: string): Promise<void> {
      const env = { ...process.env, LC_ALL: "C.UTF-8", HOME: cwd, USER: user, PASS: password, PORT: String(ftp.port) };
      const running = run("sh", ["-c", script], { cwd, env, timeout: 60_000 });
      // Not a terminal: what waits for an answer is to read the end.
      running.child.stdin?.end();
      await running;
    }

    async function plant(): Promise<void> {
      for (const path of tree) await ftp.store.putFile?.({ path }, new Blob([path]));
    }

    for (const [name, { get, remove }] of Object.entries(clients)) {
      test(`${name} gets the files of that folder`, async () => {
        await using folder = await tempFolder();
        await plant();
        await mkdir(join(folder.path, "tn"));
        await shell(get, folder.path);
        expect((await readdir(join(folder.path, "tn"))).sort()).toEqual(texts.map((path) => path.slice(3)).sort());
        for (const path of texts) expect(await readFile(join(folder.path, path), "utf8")).toBe(path);
      });

      if (remove === undefined) continue;
      test(`${name} removes the files of that folder, and no others`, async () => {
        await using folder = await tempFolder();
        await plant();
        await shell(remove, folder.path);
        const { files } = await ftp.store.list();
        expect(files.map(({ path }) => path)).toEqual(tree.filter((path) => !texts.includes(path)));
      });
    }
  });
}
