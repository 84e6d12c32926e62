/**
 * What a stranger writes against a client that was generated from `/api/openapi.json`. `generated-client.test.ts` puts
 * `api.ts` beside it, compiles both by the strict settings of this repository, and runs it.
 */

import createClient from "openapi-fetch";
import type { components, paths } from "./api.ts";

type Upload = components["schemas"]["WireUpload"];
type Failure = components["schemas"]["WireError"];

/** Send a file in parts, list, download, rename and remove it. What happened, a line each. */
export async function carryFiles(baseUrl: string, password: string, bytes: Uint8Array<ArrayBuffer>): Promise<string[]> {
  const lines: string[] = [];
  const signedIn = await createClient<paths>({ baseUrl }).POST("/api/session", { body: { user: "admin", password } });
  lines.push(`signed in as ${given(signedIn).user}`);
  const cookie = signedIn.response.headers.get("set-cookie")?.split(";", 1)[0] ?? "";
  const api = createClient<paths>({ baseUrl, headers: { cookie } });

  const wish = { path: "a/b c.bin", size: bytes.length, partSize: 300_000, modified: "2026-11-19T08:00:00Z" };
  const upload = given(await api.POST("/api/uploads", { body: wish }));
  for (let number = 1; (number - 1) * upload.partSize < upload.size; number += 1) {
    const receipt = given(await putPart(upload, number));
    lines.push(`part ${receipt.number}: ${receipt.size} bytes`);
  }
  const params = { path: { id: upload.id } };
  const whole = given(await api.POST("/api/uploads/{id}/complete", { params, body: {} }));
  lines.push(`completed ${whole.path}: ${whole.size} bytes of ${whole.modified}`);

  const page = given(await api.GET("/api/files", { params: { query: { prefix: "a/", delimiter: "/" } } }));
  if (typeof page !== "string" && "files" in page)
    lines.push(`listed ${page.files.map(({ path }) => path).join(", ")}`);

  const moved = await api.POST("/api/move", { body: { from: whole.path, to: "c/d.bin" } });
  const to = given(moved);
  if ("path" in to) lines.push(`moved to ${to.path}`);

  const path = { path: "c/d.bin" };
  const read = await api.GET("/api/files/{path}", { params: { path }, parseAs: "arrayBuffer" });
  lines.push(`downloaded ${same(new Uint8Array(given(read)), bytes) ? "the same bytes" : "other bytes"}`);

  const gone = await api.DELETE("/api/files/{path}", { params: { path } });
  lines.push(`removed: ${gone.response.status}`);
  const missing = await api.GET("/api/files/{path}", { params: { path, query: { stat: "" } } });
  lines.push(`afterwards: ${missing.error?.code}`);
  return lines;

  function putPart(to: Upload, number: number) {
    const start = (number - 1) * to.partSize;
    return api.PUT("/api/uploads/{id}/parts/{number}", {
      params: { path: { id: to.id, number: String(number) }, header: { "naru-epoch": String(to.epoch ?? 1) } },
      body: bytes.subarray(start, start + to.partSize),
      bodySerializer: (body: unknown) => body as BodyInit,
      headers: { "content-type": "application/octet-stream" },
    });
  }
}

function given<T>({ data, error }: { readonly data?: T; readonly error?: Failure }): T {
  if (data !== undefined) return data;
  throw new Error(error?.message ?? "Cannot read the answer: it is empty");
}

function same(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}
