import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { expect, test } from "vitest";

/** Who may import whom. A line reads: "the left may import the right, and nothing else of ours". */
const layers: Readonly<Record<string, readonly string[]>> = {
  core: [],
  client: ["core"],
  elements: ["core", "client"],
  server: ["core"],
  agent: ["core", "client", "elements"],
  cli: ["core", "client", "server"],
  web: ["core", "client", "elements"],
  bench: ["core", "client", "server", "elements", "agent"],
};

/** Inside `server`: a door knows the contract, never a concrete store; doors do not know each other. */
const rooms: Readonly<Record<string, readonly string[]>> = {
  http: ["uploads", "accounts", "tickets", "catalogue", "database"],
  sftp: ["gateway", "accounts"],
  ftp: ["gateway", "accounts"],
  gateway: ["uploads", "catalogue", "accounts", "locks"],
  catalogue: ["database", "locks"],
  tickets: ["uploads", "accounts", "database"],
  uploads: ["catalogue", "database", "locks"],
  accounts: ["database", "catalogue"],
  database: [],
  locks: [],
  stores: [],
};

interface Import {
  readonly file: string;
  readonly target: string;
}

function importsOf(folder: string): Import[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .flatMap((file) => {
      const text = readFileSync(join(folder, file), "utf8");
      const found = text.matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/g);
      return [...found].map(([, target]) => ({ file: join(folder, file), target: target ?? "" }));
    });
}

for (const [name, allowed] of Object.entries(layers)) {
  const imports = importsOf(`packages/${name}/src`);

  test(`${name} imports only ${allowed.join(", ") || "nothing"} of ours`, () => {
    const strays = imports.filter(({ target }) => {
      const ours = /^@naru\/([\w-]+)/.exec(target)?.[1];
      return ours !== undefined && !allowed.includes(ours);
    });
    expect(strays).toEqual([]);
  });

  test(`${name} does not reach into another package's folder`, () => {
    const home = resolve(`packages/${name}`);
    const strays = imports.filter(({ file, target }) => {
      const path = resolve(dirname(file), target);
      return target.startsWith(".") && path.startsWith(resolve("packages")) && !path.startsWith(`${home}/`);
    });
    expect(strays).toEqual([]);
  });

  test(`a third-party package is imported by one file of ${name}`, () => {
    const files = new Map<string, Set<string>>();
    for (const { file, target } of imports) {
      if (/^(\.|node:|@naru\/)/.test(target)) continue;
      // Frameworks whose declarations are spread over the code by their nature.
      if (/^lit(\/|$)/.test(target)) continue;
      const packageName = target
        .split("/")
        .slice(0, target.startsWith("@") ? 2 : 1)
        .join("/");
      files.set(packageName, (files.get(packageName) ?? new Set()).add(file));
    }
    const spread = [...files].filter(([, where]) => where.size > 1).map(([what, where]) => [what, ...where]);
    expect(spread).toEqual([]);
  });
}

test("core imports nothing but its own files", () => {
  expect(importsOf("packages/core/src").filter(({ target }) => !target.startsWith("."))).toEqual([]);
});

test("inside the server, rooms keep to their neighbours", () => {
  const strays = Object.entries(rooms).flatMap(([room, allowed]) =>
    importsOf(`packages/server/src/${room}`)
      .map(({ file, target }) => ({ file, room: roomOf(file, target) }))
      .filter(({ room: other }) => other !== undefined && other !== room && !allowed.includes(other)),
  );
  expect(strays).toEqual([]);
});

function roomOf(file: string, target: string): string | undefined {
  if (!target.startsWith(".")) return undefined;
  const path = relative("packages/server/src", join(dirname(file), target));
  return path.includes("/") ? path.split("/")[0] : undefined;
}
