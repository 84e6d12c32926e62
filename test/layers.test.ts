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
  cli: ["core", "client", "server", "agent"],
  web: ["core", "client", "elements"],
  bench: ["core", "client", "server", "elements", "agent", "bench-uppy6"],
};

/** Inside `server`: a door knows the contract, never a concrete store; doors do not know each other. */
const rooms: Readonly<Record<string, readonly string[]>> = {
  http: ["uploads", "accounts", "tickets", "catalogue", "archives", "shares", "doctor"],
  sftp: ["gateway", "accounts"],
  ftp: ["gateway", "accounts"],
  gateway: ["uploads", "catalogue", "accounts", "locks"],
  archives: ["catalogue"],
  catalogue: ["database", "locks"],
  tickets: ["uploads", "accounts", "database"],
  shares: ["uploads", "accounts", "catalogue", "database", "locks"],
  uploads: ["catalogue", "database", "locks"],
  accounts: ["database", "catalogue"],
  database: [],
  locks: [],
  stores: [],
  doctor: ["catalogue", "stores"],
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

  test(`what ${name} imports only for its effects stays in a bundle`, () => {
    const { sideEffects = true } = JSON.parse(readFileSync(`packages/${name}/package.json`, "utf8"));
    if (sideEffects === true) return;
    const dropped = imports.filter(({ file, target }) => readFileSync(file, "utf8").includes(`\nimport "${target}"`));
    expect(dropped).toEqual([]);
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

test("of the agent, only its window's page imports the elements", () => {
  const strays = importsOf("packages/agent/src").filter(({ target }) => target.startsWith("@naru/elements"));
  expect(strays.filter(({ file }) => !file.startsWith("packages/agent/src/window/page/"))).toEqual([]);
});

test("core imports nothing but its own files", () => {
  expect(importsOf("packages/core/src").filter((one) => !isWithin("packages/core/src", one))).toEqual([]);
});

test("what core has for Node imports Node and itself only, and nothing that runs in a browser imports it", () => {
  const home = "packages/core/node";
  const strays = importsOf(home).filter((one) => !one.target.startsWith("node:") && !isWithin(home, one));
  const pages = ["client/src", "elements/src", "web/src", "agent/src/window/page"];
  const users = pages
    .flatMap((folder) => importsOf(`packages/${folder}`))
    .filter(({ file, target }) => target === "@naru/core/node" && !file.startsWith("packages/client/src/node/"));
  expect([...strays, ...users]).toEqual([]);
});

function isWithin(folder: string, { file, target }: Import): boolean {
  return target.startsWith(".") && resolve(dirname(file), target).startsWith(`${resolve(folder)}/`);
}

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

/** Longer than 300 lines. Split them; add none; what is split leaves the list. */
const knownLong: readonly string[] = [
  "packages/agent/test/transfers/transfers.test.ts",
  "packages/agent/test/window/window.test.ts",
  "packages/client/test/browser/transfers.test.ts",
  "packages/core/test/fetch.test.ts",
  "packages/core/test/transfer.test.ts",
  "packages/server/test/catalogue/every-door.ts",
  "packages/server/test/doors/doors.test.ts",
  "packages/server/test/ftp/transfers.test.ts",
  "packages/server/test/gateway/keeping.test.ts",
  "packages/server/test/sftp/random-writes.long.test.ts",
  "test/upgrade/make-folder.ts",
];

test("no files import one another in a circle, types counted", () => {
  const circles = Object.keys(layers).flatMap((name) => cyclesIn(importsOf(`packages/${name}/src`)));
  expect(circles).toEqual([]);
});

test("no file has more than 300 lines but those of the list, which all do", () => {
  const folders = ["test", "release", ...readdirSync("packages").map((name) => `packages/${name}`)];
  const long = folders.flatMap((folder) => filesIn(folder)).filter((file) => linesOf(file) > 300);
  expect(long.toSorted()).toEqual(knownLong);
});

test("what runs in browsers disposes by core's symbols: WebKit has none of its own", () => {
  const strays = ["packages/core/src", "packages/client/src", "packages/elements/src"].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts") && !/^(node|testing)\/|^disposal\.ts$/.test(file))
      // In an interface it is but a type.
      .filter((file) =>
        /\[Symbol\.(?:asyncD|d)ispose\](?!\(\): (?:Promise<)?void>?;)/.test(readFileSync(join(folder, file), "utf8")),
      ),
  );
  expect(strays).toEqual([]);
});

test("no literal is spread into another: a mistyped property of it would compile", () => {
  const folders = ["test", "release", ...readdirSync("packages").map((name) => `packages/${name}`)];
  const spread = folders
    .flatMap((folder) => filesIn(folder))
    .filter((file) => literalSpread.test(readFileSync(file, "utf8")));
  expect(spread).toEqual([]);
});

const literalSpread = /\.\.\.\{/;

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !/(^|\/)(node_modules|dist|public)\//.test(file))
    .map((file) => join(folder, file));
}

function linesOf(file: string): number {
  return readFileSync(file, "utf8").trimEnd().split("\n").length;
}

/** Groups of files each of which reaches every other (Tarjan's strongly connected components), sorted. */
function cyclesIn(imports: readonly Import[]): readonly (readonly string[])[] {
  const next = new Map<string, string[]>();
  for (const { file, target } of imports) {
    if (!target.startsWith(".")) continue;
    next.set(file, [...(next.get(file) ?? []), join(dirname(file), target)]);
  }
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const stack: string[] = [];
  const found: string[][] = [];
  const visit = (file: string): number => {
    order.set(file, order.size);
    lowest.set(file, order.get(file) ?? 0);
    stack.push(file);
    for (const other of next.get(file) ?? []) {
      if (order.has(other) && !stack.includes(other)) continue;
      const reached = order.has(other) ? (order.get(other) ?? 0) : visit(other);
      lowest.set(file, Math.min(lowest.get(file) ?? 0, reached));
    }
    if (lowest.get(file) === order.get(file)) {
      const group = stack.splice(stack.indexOf(file));
      if (group.length > 1 || next.get(file)?.includes(file)) found.push(group.toSorted());
    }
    return lowest.get(file) ?? 0;
  };
  for (const file of next.keys()) if (!order.has(file)) visit(file);
  return found;
}
