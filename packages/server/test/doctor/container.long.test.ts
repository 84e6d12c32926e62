import { expect, test } from "vitest";
import { layWire } from "../../../../test/harness/wire.ts";
import { startAzurite } from "../../../../test/peers/azurite.ts";
import { checkIds, examineStore, reportOf } from "../../src/doctor/doctor.ts";
import { openAzure } from "../stores/opened-container.ts";
import { appOrigin, foundIn } from "./examined-bucket.ts";

test("a container is examined; its account is told the CORS rule, and nothing is left in it", async () => {
  await using azurite = await startAzurite();
  await using container = await openAzure(azurite);
  const { signal } = new AbortController();
  const examined = async () => {
    const examination = await examineStore(container.store, { origins: [appOrigin], uploadDays: 7, signal });
    return { examination, found: foundIn(reportOf(examination, "en")) };
  };
  const before = await examined();
  expect(before.found.failures).toEqual(["cors"]);
  expect(before.found.report.profile).toBe("azure");
  expect(before.found.fix("cors")).toContain("az storage cors add --services b");
  const left = checkIds.filter((id) => !["tls", "checksums", "lifecycle", "leftovers"].includes(id));
  expect(before.found.report.checks.map(({ id }) => id).toSorted()).toEqual(left.toSorted());
  for (const { repair } of before.examination.lines) await repair?.apply(signal);
  const after = await examined();
  expect(after.found.failures).toEqual([]);
  expect(after.found.message("md5")).toMatch(/is refused: 400/);
  expect(after.found.status("conditional-write")).toBe("ok");
  expect(after.found.message("names")).toMatch(/^kept exactly: .*1,024 bytes; refused before a byte is sent/);
  // The emulator is on this machine, and the page is not.
  expect(after.found.status("public-endpoint")).toBe("warning");
  const names: string[] = [];
  for await (const { name } of container.client.listBlobsFlat({ includeUncommitedBlobs: true })) names.push(name);
  expect(names).toEqual([]);
});

test("an address that refuses all parts is no proof that MD5s are compared", async () => {
  await using azurite = await startAzurite();
  await using wire = await layWire(azurite.endpoint);
  wire.fault = ({ method }) => (method === "PUT" ? { kind: "answer", status: 403, code: "Spoiled" } : undefined);
  const publicEndpoint = azurite.endpoint.replace(new URL(azurite.endpoint).origin, wire.origin);
  await using container = await openAzure(azurite, { publicEndpoints: [publicEndpoint] });
  const { signal } = new AbortController();
  const only = checkIds.filter((id) => id === "md5");
  const found = foundIn(
    reportOf(await examineStore(container.store, { origins: [], uploadDays: 7, signal, only }), "en"),
  );
  expect(found.status("md5")).toBe("failure");
  expect(found.message("md5")).toMatch(/refuses parts that are signed: 403/);
});
