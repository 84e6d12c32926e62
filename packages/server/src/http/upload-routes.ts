import {
  type CompleteOne,
  decodeCompleteBatch,
  decodeCompleteUpload,
  decodeCreateBatch,
  decodeCreateUpload,
  decodeSignParts,
  epochHeader,
  maxBatchUploads,
  TransferError,
  toWireError,
  toWireFile,
} from "@naru/core";
import { Type } from "typebox";
import { mapPool } from "../pool.ts";
import type { Holder, Uploads } from "../uploads/uploads.ts";
import { callerIn } from "./access.ts";
import { clientSignal, contentLength, requestBody } from "./body.ts";
import { digestHeaders } from "./digest-headers.ts";
import type { App, Reply, Request } from "./fastify.ts";
import { ok } from "./schemas.ts";

const idParams = Type.Object({ id: Type.String({ maxLength: 100 }) });
const partParams = Type.Object({
  id: Type.String({ maxLength: 100 }),
  number: Type.String({ pattern: "^-?[0-9]{1,15}$" }),
});
const hex = (digits: number): string => `^[0-9a-fA-F]{${digits}}$`;
const partDigest = Type.Object(
  {
    number: Type.Integer({ minimum: 1 }),
    md5: Type.Optional(Type.String({ pattern: hex(32) })),
    crc64: Type.Optional(Type.String({ pattern: hex(16) })),
  },
  { additionalProperties: false },
);
const createUpload = Type.Object(
  {
    path: Type.String({ minLength: 1 }),
    size: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
    type: Type.Optional(Type.String()),
    modified: Type.Optional(Type.String()),
    conflict: Type.Optional(Type.Enum(["fail", "rename", "overwrite"])),
    partSize: Type.Optional(Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })),
  },
  { additionalProperties: false },
);
/** What is wrong with one of them is said in its place, so that here it may be anything. */
const createBatch = Type.Object(
  { uploads: Type.Array(Type.Unknown(), { maxItems: maxBatchUploads }) },
  { additionalProperties: false },
);
const signParts = Type.Object(
  { parts: Type.Array(partDigest, { maxItems: maxBatchUploads }) },
  { additionalProperties: false },
);
const completeUpload = Type.Object({ parts: Type.Optional(Type.Array(partDigest)) }, { additionalProperties: false });
const completeBatch = Type.Object(
  {
    uploads: Type.Array(
      Type.Object(
        {
          id: Type.String(),
          epoch: Type.Optional(Type.Integer({ minimum: 0 })),
          parts: Type.Optional(Type.Array(partDigest)),
        },
        { additionalProperties: false },
      ),
      { maxItems: maxBatchUploads },
    ),
  },
  { additionalProperties: false },
);

/** Calls at once for the items of a batch. */
const batchConcurrency = 16;

/** Uploads: the control calls, in JSON. */
export function uploadRoutes(app: App, uploads: Uploads): void {
  app.post("/api/uploads", { schema: { body: createUpload, ...ok("WireUpload", 201) } }, async (request, reply) => {
    const made = await uploads.create(decodeCreateUpload(request.body), holder(request, reply));
    return reply.code(201).send(made);
  });

  app.post("/api/uploads/batch", { schema: { body: createBatch, ...ok("{results}") } }, async (request, reply) => {
    const wishes = decodeCreateBatch(request.body);
    const by = holder(request, reply);
    const results = await mapPool(wishes, batchConcurrency, (wish) =>
      oneOfMany(request, async () => {
        if ("error" in wish) throw wish.error;
        return { upload: await uploads.create(wish.ok, by) };
      }),
    );
    return { results };
  });

  app.post("/api/uploads/complete", { schema: { body: completeBatch, ...ok("{results}") } }, async (request, reply) => {
    const wishes = decodeCompleteBatch(request.body);
    const by = holder(request, reply);
    const finish = async ({ id, epoch, parts = [] }: CompleteOne): Promise<object> => ({
      file: toWireFile(await uploads.complete(id, parts, { ...by, epoch })),
    });
    return { results: await mapPool(wishes, batchConcurrency, (wish) => oneOfMany(request, () => finish(wish))) };
  });

  app.get("/api/uploads", { schema: ok("{uploads}") }, async (request) => ({
    uploads: await uploads.listMine(callerIn(request).name),
  }));

  app.get("/api/uploads/:id", { schema: { params: idParams, ...ok("WireUpload") } }, async (request, reply) =>
    uploads.get(request.params.id, holder(request, reply)),
  );

  app.post("/api/uploads/:id/resume", { schema: { params: idParams, ...ok("WireUpload") } }, async (request, reply) =>
    uploads.resume(request.params.id, holder(request, reply)),
  );

  const sign = { params: idParams, body: signParts, ...ok("SignedParts") };
  app.post("/api/uploads/:id/parts", { schema: sign }, async (request, reply) => {
    const { parts } = decodeSignParts(request.body);
    return uploads.sign(request.params.id, parts, holder(request, reply));
  });

  const complete = { params: idParams, body: Type.Union([completeUpload, Type.Null()]), ...ok("WireFile") };
  app.post("/api/uploads/:id/complete", { schema: complete }, async (request, reply) => {
    const { parts = [] } = decodeCompleteUpload(request.body);
    return toWireFile(await uploads.complete(request.params.id, parts, holder(request, reply)));
  });

  app.delete("/api/uploads/:id", { schema: { params: idParams, ...ok("", 204) } }, async (request, reply) => {
    await uploads.abort(request.params.id, holder(request, reply));
    return reply.code(204).send();
  });
}

/** The bytes of parts; `app` must not read bodies. */
export function partRoute(app: App, uploads: Uploads): void {
  const schema = { params: partParams, ...ok("WireReceipt") };
  app.put("/api/uploads/:id/parts/:number", { schema }, async (request, reply) => {
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
    return uploads.put(id, number, requestBody(request, size, digest), { ...by, digest });
  });
}

function holder(request: Request, reply: Reply): Holder {
  return { owner: callerIn(request).name, epoch: epochIn(request), signal: clientSignal(request, reply) };
}

function epochIn({ headers }: Request): number | undefined {
  const value = headers[epochHeader];
  if (value === undefined) return undefined;
  if (typeof value === "string" && /^\d{1,15}$/.test(value)) return Number(value);
  throw new TransferError("invalid", `Cannot read the header "${epochHeader}": it is not a number`);
}

/** One item of a batch: its failure is its own. */
async function oneOfMany(request: Request, work: () => Promise<object>): Promise<object> {
  try {
    return await work();
  } catch (error) {
    const wire = toWireError(error);
    if (wire.code === "internal") request.log.error({ err: error }, "unexpected failure in a batch");
    return { error: wire };
  }
}
