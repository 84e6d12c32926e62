import {
  type CompleteOne,
  completeBatch,
  completeResults,
  completeUpload,
  createBatch,
  createResults,
  createUpload,
  decodeCompleteUpload,
  decodeCreateBatch,
  epochHeader,
  signedParts,
  signParts,
  TransferError,
  toWireError,
  toWireFile,
  uploadList,
  type WireError,
  type WireFile,
  wireFile,
  wireReceipt,
  wireUpload,
} from "@naru/core";
import { closed, text } from "@naru/core/schema";
import { mapPool } from "../pool.ts";
import type { UploadCalls } from "../shares/guest-uploads.ts";
import { Crc32 } from "../uploads/body-digest.ts";
import type { Holder } from "../uploads/holder.ts";
import type { Uploads } from "../uploads/uploads.ts";
import { byIn, callerIn, seenBy } from "./access.ts";
import { bytes, call, readBy } from "./call.ts";
import { digestHeaders } from "./digest-headers.ts";
import type { App, Reply, Request } from "./fastify.ts";
import { clientSignal, contentLength, requestBody } from "./request-body.ts";

const idParams = closed({ id: text("The upload.", { maxLength: 100 }) });
const partParams = closed({
  id: text("The upload.", { maxLength: 100 }),
  number: text("The part's number, from 1.", { pattern: "^-?[0-9]{1,15}$" }),
});
const tag = "Uploads";
const headers = { [epochHeader]: "The epoch of the lease that the caller holds; without it, the upload's first." };

const calls = {
  create: call("createUpload", "Create an upload and take its lease", {
    tag,
    body: createUpload,
    answers: { 201: wireUpload },
    fails: ["conflict", "too-large", "no-space"],
  }),
  createBatch: call("createUploads", "Create many uploads", {
    tag,
    body: readBy(createBatch, decodeCreateBatch),
    answers: { 200: createResults },
  }),
  completeBatch: call("completeUploads", "Complete many uploads", {
    tag,
    body: completeBatch,
    answers: { 200: completeResults },
  }),
  list: call("listUploads", "List my unfinished uploads", { tag, answers: { 200: uploadList } }),
  get: call("getUpload", "Look at an upload, without taking its lease", {
    tag,
    description: "A higher epoch than one's own means that another client has taken the upload over.",
    params: idParams,
    headers,
    answers: { 200: wireUpload },
    fails: ["not-found"],
  }),
  resume: call("resumeUpload", "Take the lease of an upload over, and get the receipts of its parts", {
    tag,
    description: "The former holder gets `superseded`.",
    params: idParams,
    headers,
    answers: { 200: wireUpload },
    fails: ["not-found", "conflict", "unsupported"],
  }),
  sign: call("signParts", "Presign parts, to be put straight into the store", {
    tag,
    params: idParams,
    headers,
    body: signParts,
    answers: { 200: signedParts },
    fails: ["not-found", "superseded", "conflict", "unsupported"],
  }),
  complete: call("completeUpload", "Make the file appear, whole and verified", {
    tag,
    description: "May be repeated for a day.",
    params: idParams,
    headers,
    body: readBy(completeUpload, decodeCompleteUpload),
    answers: { 200: wireFile },
    fails: ["not-found", "incomplete", "superseded", "conflict", "checksum-mismatch", "no-space", "unsupported"],
  }),
  abort: call("abortUpload", "Forget an upload and free its parts", {
    tag,
    description: "Aborting twice is not an error.",
    params: idParams,
    headers,
    answers: { 204: "nothing" },
    fails: ["superseded", "conflict"],
  }),
  put: call("putPart", "Send a part through the server", {
    tag,
    params: partParams,
    headers: {
      ...headers,
      "content-md5": "MD5 of the bytes in base64: other bytes are refused.",
      "naru-crc64": "CRC-64/NVME of the bytes in hex: other bytes are refused.",
    },
    streams: bytes("The part's bytes, as many as the plan says."),
    answers: { 200: wireReceipt },
    fails: [
      "not-found",
      "short-body",
      "long-body",
      "superseded",
      "conflict",
      "too-large",
      "checksum-mismatch",
      "no-space",
      "unsupported",
    ],
  }),
};

/** Calls at once for the items of a batch. */
const batchConcurrency = 16;

/** Also for tokens that are good for one upload: `Uploads` asks their rights. */
const oneUpload = { callers: ["upload" as const, "guest" as const] };
const forGuests = { callers: ["guest" as const] };

export interface UploadRoutesOptions {
  readonly uploads: Uploads;
  /** Uploads as the caller sees them. */
  readonly uploadsOf: (request: Request) => UploadCalls;
}

/** Uploads: the control calls, in JSON. */
export function uploadRoutes(app: App, { uploads, uploadsOf }: UploadRoutesOptions): void {
  app.post("/api/uploads", { schema: calls.create, config: forGuests }, async (request, reply) => {
    const made = await uploadsOf(request).create(request.body, holder(request, reply));
    return reply.code(201).send(made);
  });

  app.post("/api/uploads/batch", { schema: calls.createBatch, config: forGuests }, async (request, reply) => {
    const wishes = request.body;
    const by = holder(request, reply);
    const results = await mapPool(wishes, batchConcurrency, (wish) =>
      oneOfMany(request, async () => {
        if ("error" in wish) throw wish.error;
        return { upload: await uploadsOf(request).create(wish.ok, by) };
      }),
    );
    return { results };
  });

  app.post("/api/uploads/complete", { schema: calls.completeBatch, config: forGuests }, async (request, reply) => {
    const wishes = request.body.uploads;
    const by = holder(request, reply);
    const finish = async ({ id, epoch, parts = [] }: CompleteOne): Promise<{ readonly file: WireFile }> => ({
      file: toWireFile(await uploadsOf(request).complete(id, parts, { ...by, epoch })),
    });
    return { results: await mapPool(wishes, batchConcurrency, (wish) => oneOfMany(request, () => finish(wish))) };
  });

  app.get("/api/uploads", { schema: calls.list, config: forGuests }, async (request) => ({
    uploads: await uploadsOf(request).listMine(callerIn(request).name),
  }));

  app.get("/api/uploads/:id", { schema: calls.get, config: oneUpload }, async (request, reply) =>
    uploadsOf(request).get(request.params.id, holder(request, reply)),
  );

  app.post("/api/uploads/:id/resume", { schema: calls.resume, config: oneUpload }, async (request, reply) =>
    uploadsOf(request).resume(request.params.id, holder(request, reply)),
  );

  app.post("/api/uploads/:id/parts", { schema: calls.sign, config: oneUpload }, async (request, reply) => {
    const { parts } = request.body;
    return uploads.sign(request.params.id, parts, holder(request, reply));
  });

  app.post("/api/uploads/:id/complete", { schema: calls.complete, config: oneUpload }, async (request, reply) => {
    const { parts = [] } = request.body;
    return toWireFile(await uploadsOf(request).complete(request.params.id, parts, holder(request, reply)));
  });

  app.delete("/api/uploads/:id", { schema: calls.abort, config: oneUpload }, async (request, reply) => {
    await uploadsOf(request).abort(request.params.id, holder(request, reply));
    return reply.code(204).send();
  });
}

/** The bytes of parts; `app` must not read bodies. */
export function partRoute(app: App, uploads: Uploads): void {
  app.put("/api/uploads/:id/parts/:number", { schema: calls.put, config: oneUpload }, async (request, reply) => {
    const { id } = request.params;
    const number = Number(request.params.number);
    const by = holder(request, reply);
    const part = await uploads.expect(id, number, by);
    const size = contentLength(request);
    if (size !== part.size) {
      const code = size < part.size ? "short-body" : "long-body";
      throw new TransferError(
        code,
        `Cannot put part ${number} of "${id}": the body has ${size} bytes, not ${part.size}`,
      );
    }
    const digest = digestHeaders(request);
    const crc32 = new Crc32();
    return uploads.put(id, number, requestBody(request, size, { ...digest, crc32 }), { ...by, digest, crc32 });
  });
}

function holder(request: Request, reply: Reply): Holder {
  const { name: owner, rights } = callerIn(request);
  const { door } = byIn(request);
  return { owner, rights, door, epoch: epochIn(request), signal: clientSignal(request, reply) };
}

function epochIn({ headers }: Request): number | undefined {
  const value = headers[epochHeader];
  if (value === undefined) return undefined;
  if (typeof value === "string" && /^\d{1,15}$/.test(value)) return Number(value);
  throw new TransferError("invalid", `Cannot read the header "${epochHeader}": it is not a number`);
}

/** One item of a batch: its failure is its own. */
async function oneOfMany<T>(request: Request, work: () => Promise<T>): Promise<T | { readonly error: WireError }> {
  try {
    return await work();
  } catch (error) {
    const wire = seenBy(request, toWireError(error));
    if (wire.code === "internal") request.log.error({ err: error }, "unexpected failure in a batch");
    return { error: wire };
  }
}
