import { randomUUID } from "node:crypto";
import { isTransferError, statusOf, TransferError, toWireError } from "@naru/core";
import { seenBy } from "./access.ts";
import type { App, AppError, Reply, Request } from "./fastify.ts";
import { isConditional } from "./preconditions.ts";
import { endPolitely } from "./request-body.ts";

/** Answer every failure as `{code, message, retryable}` with its status. */
export function answerErrors(app: App): void {
  app.setErrorHandler(async (error: unknown, request, reply) => {
    const failure = asFailure(error, request);
    return answer(failure, request, reply);
  });
  app.setNotFoundHandler(async (request, reply) => {
    const path = request.url.split("?", 1)[0] ?? "";
    const failure = new TransferError("not-found", `Cannot find "${path}": there is no such page or call`);
    return answer(failure, request, reply);
  });
}

async function answer(failure: TransferError, request: Request, reply: Reply): Promise<Reply> {
  reply.code(httpStatus(failure, request));
  if (failure.retryAfterMs !== undefined) {
    reply.header("retry-after", String(Math.max(1, Math.ceil(failure.retryAfterMs / 1000))));
  }
  if (failure.code === "unauthenticated") challenge(request, reply);
  const wire = seenBy(request, toWireError(failure));
  // HEAD has no body, and a request whose body still comes needs care to be told anything.
  if (request.method === "HEAD") return reply.send();
  if (hasUnreadBody(request)) return endPolitely(request, reply, wire);
  return reply.send(wire);
}

function httpStatus(failure: TransferError, request: Request): number {
  return failure.code === "conflict" && isConditional(request) ? 412 : statusOf[failure.code];
}

/** A page has its own form to sign in; a browser's box is for whoever came without one. */
function challenge(request: Request, reply: Reply): void {
  const fromPage = request.headers["sec-fetch-mode"] !== undefined && request.headers["sec-fetch-mode"] !== "navigate";
  if (!fromPage) reply.header("www-authenticate", 'Basic realm="Naru", charset="UTF-8"');
}

function hasUnreadBody({ raw, headers }: Request): boolean {
  const announced = headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
  return announced && !raw.readableEnded && !raw.destroyed;
}

function asFailure(error: unknown, request: Request): TransferError {
  if (isTransferError(error)) return error;
  const known = asAppError(error);
  const status = known?.statusCode;
  if (status === 413) return new TransferError("too-large", "Cannot accept the request: its body is too large");
  if (status !== undefined && status >= 400 && status < 500) {
    return new TransferError("invalid", `Cannot accept the request: ${known?.message}`, { cause: error });
  }
  if (status === 503) return new TransferError("unavailable", "Cannot answer: the server is shutting down");
  const id = randomUUID();
  request.log.error({ id, err: error, route: request.routeOptions.url }, "unexpected failure");
  return new TransferError("internal", `Cannot answer: internal error, logged as ${id}`);
}

function asAppError(error: unknown): Partial<AppError> | undefined {
  return error instanceof Error ? error : undefined;
}
