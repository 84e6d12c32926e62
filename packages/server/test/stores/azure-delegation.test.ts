import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Azurite, startAzurite } from "../../../../test/peers/azurite.ts";
import { needs } from "../../../../test/peers/needs.ts";
import { type AzureCredentials, azureStore } from "../../src/stores/azure/azure-store.ts";
import { makeContainer } from "./opened-container.ts";

needs("openssl");

let azurite: Azurite;
let folder: string;

/** The emulator gives keys for tokens over HTTPS only. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "naru-azure-"));
  const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  const subject = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-days", "2"];
  const files = ["-keyout", key, "-out", cert];
  await promisify(execFile)("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", ...subject, ...files]);
  setDefaultCACertificates([...getCACertificates("default"), await readFile(cert, "utf8")]);
  azurite = await startAzurite({ certificate: { cert, key } });
});

afterAll(async () => {
  await azurite?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

/** A token as Microsoft Entra ID makes them; the emulator looks at what it says, not at its signature. */
function tokenFor(audience: string): string {
  const now = Math.floor(Date.now() / 1000);
  const ids = { oid: "11111111-1111-1111-1111-111111111111", tid: "22222222-2222-2222-2222-222222222222" };
  const times = { iat: now - 60, nbf: now - 60, exp: now + 3600 };
  const claims = { aud: audience, iss: `https://sts.windows.net/${ids.tid}/`, ...ids, ...times };
  const parts = [{ alg: "none", typ: "JWT" }, claims].map((part) =>
    Buffer.from(JSON.stringify(part)).toString("base64url"),
  );
  return `${parts.join(".")}.${Buffer.from("unsigned").toString("base64url")}`;
}

function byToken(audience: string): AzureCredentials & { readonly by: "token" } {
  return { by: "token", token: async () => ({ token: tokenFor(audience), expires: new Date(Date.now() + 3_600_000) }) };
}

test("with tokens files are written straight, completed, read, copied and listed, and one key signs all addresses", async () => {
  const { containerName: container } = await makeContainer(azurite);
  const { account, endpoint } = azurite;
  const credentials = byToken("https://storage.azure.com");
  const store = azureStore({ account, container, endpoint, credentials, copySizes: { whole: 10, block: 1000 } });
  const bytes = Buffer.from("a file of some bytes");
  const upload = await store.create({ path: "한 글.txt", size: bytes.length, partSize: 100 });
  const digest = { md5: createHash("md5").update(bytes).digest("hex") };
  const [signed] = (await upload.presign?.([{ number: 1, offset: 0, size: bytes.length, digest }])) ?? [];
  const { url = "", headers = {} } = signed ?? {};
  expect(new URL(url).searchParams.get("skoid")).toBe("11111111-1111-1111-1111-111111111111");
  expect((await fetch(url, { method: "PUT", headers, body: bytes })).status).toBe(201);
  await upload.complete();
  await store.move("한 글.txt", "moved.txt");
  const [read] = await store.presignRead("moved.txt", { downloadName: "이름.txt" });
  expect(await (await fetch(read?.url ?? "")).text()).toBe("a file of some bytes");
  expect(await new Response(await store.read("moved.txt")).text()).toBe("a file of some bytes");
  expect((await store.list()).files.map(({ path }) => path)).toEqual(["moved.txt"]);
  await store.close();
});

test("a token for something else is forbidden, and is not in the error", async () => {
  const { account, endpoint } = azurite;
  const credentials = byToken("https://graph.microsoft.com");
  const store = azureStore({ account, container: "files", endpoint, credentials });
  const error: unknown = await store.presignRead("x").catch((reason: unknown) => reason);
  expect(error).toMatchObject({ name: "TransferError", code: "forbidden" });
  expect(String(error)).not.toContain((await credentials.token()).token.slice(0, 40));
  await store.close();
});
