import { PutBucketVersioningCommand, S3Client } from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { bucketWorld } from "../harness/bucket-world.ts";
import { ConsolePage } from "../harness/console-page.ts";
import { openPages } from "../harness/shared-chromium.ts";

test("the details of a file in a bucket with versioning show what it was, and make it that again", async () => {
  await using world = await bucketWorld();
  const { accessKey: accessKeyId, endpoint, secretKey: secretAccessKey } = world.bucket.place;
  const credentials = { accessKeyId, secretAccessKey };
  const client = new S3Client({ endpoint, region: "us-east-1", forcePathStyle: true, credentials });
  const VersioningConfiguration = { Status: "Enabled" } as const;
  await client.send(new PutBucketVersioningCommand({ Bucket: world.bucket.name, VersioningConfiguration }));
  client.destroy();
  await using chromium = await openPages();
  const { page } = await ConsolePage.open(await chromium.newPage(), world.origin);
  const call = (method: "PUT" | "GET", body?: string): Promise<string> =>
    page.evaluate(
      async ({ method, body }) => (await fetch("/api/files/note.txt", { method, body: body ?? null })).text(),
      { method, body },
    );
  await call("PUT", "first");
  await call("PUT", "second, and longer");
  await page.locator("[data-file='note.txt']").press("Shift+F10");
  await page.locator("[role=menuitem][data-command=details]").click();
  const details = page.getByRole("dialog", { name: "note.txt" });
  await details.locator("[data-version]").nth(1).waitFor();
  await details.getByText("by the page or the API").waitFor();
  await details.getByRole("button", { name: "Restore the version of" }).click();
  await details.getByText("What the file was before stays as a version").waitFor();
  expect(await details.locator("[data-version]").count()).toBe(3);
  expect(await call("GET")).toBe("first");
});
