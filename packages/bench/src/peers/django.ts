/** The source document's existing way: a form to Django, which stores it by django-storages (Debian). */

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { daemon } from "../command.ts";
import { measured, withServer } from "../measured.ts";
import { freePort } from "../naru.ts";
import type { Room } from "../room.ts";
import { bucketEnv, type Way } from "../way.ts";

const folder = new URL(".", import.meta.url).pathname;

/** Start gunicorn with its defaults, but for its limit of 30 s for a request, which a slow line exceeds. */
export async function djangoWay(room: Room): Promise<Way> {
  const { host, near: prefix } = room.options;
  const port = await freePort(host);
  const spool = join(room.dir, "django");
  await mkdir(spool);
  const env = { ...bucketEnv(room, await room.bucket()), BENCH_SPOOL: spool, PYTHONDONTWRITEBYTECODE: "1" };
  const serve = ["gunicorn", "--bind", `${host}:${port}`, "--timeout", "0", "--preload"];
  const { pid } = room.keep(
    await daemon([...serve, "--chdir", folder, "django-server:application"], /Booting worker/, { env }),
  );
  const url = (key: string): string => `http://${host}:${port}/files/${key}`;
  const curl = ["curl", "-sS", "--fail", "-o"];
  const form = (file: string): readonly string[] => ["/dev/null", "-F", `file=@${file}`];
  return {
    name: "Django and django-storages",
    up: ({ file, key }) => withServer(pid, () => measured([...curl, ...form(file), url(key)], { prefix })),
    down: ({ file, key }) => withServer(pid, () => measured([...curl, file, url(key)], { prefix })),
  };
}
