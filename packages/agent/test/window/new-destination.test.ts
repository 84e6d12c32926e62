import { expect, test } from "vitest";
import { readDestination, shownDestination } from "../../src/transfers/read-destination.ts";
import { type DestinationKind, newDestination } from "../../src/window/page/new-destination.ts";

function shown(kind: DestinationKind, fields: Readonly<Record<string, string>>): string {
  const { url = "", token } = newDestination(kind, (name) => fields[name] ?? "");
  return shownDestination(readDestination(url, { token }));
}

test("fields say the same as an address does", () => {
  const at = { host: "files.example.com", user: "ann", password: "p@ss/w:rd" };
  expect(shown("sftp", at)).toBe("sftp://ann@files.example.com:22/");
  expect(shown("sftp", { ...at, folder: "in/2026" })).toBe("sftp://ann@files.example.com:22/in/2026/");
  expect(shown("sftp", { ...at, folder: "/srv/in/", port: "2222" })).toBe("sftp://ann@files.example.com:2222/srv/in/");
  expect(shown("ftps", { ...at, folder: "받은 파일" })).toBe("ftps://ann@files.example.com:21/받은 파일/");
  expect(shown("ftp", { ...at, folder: "/abs" })).toBe("ftp://ann@files.example.com:21/abs/");
  expect(shown("https", { host: "https://naru.example.com/", folder: "a/b", token: "t" })).toBe(
    "https://naru.example.com/a/b/",
  );
  expect(shown("sftp", { ...at, host: "2001:db8::1" })).toBe("sftp://ann@[2001:db8::1]:22/");
});

test("a password means only itself", () => {
  const { url = "" } = newDestination("sftp", (name) => ({ host: "h", user: "u@x", password: "a:/?#@%" })[name] ?? "");
  expect(readDestination(url)).toMatchObject({ user: "u@x", password: "a:/?#@%", host: "h", folder: "" });
});
