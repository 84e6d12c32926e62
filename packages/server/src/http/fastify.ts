/**
 * The one file that meets Fastify and its plugins; what the other files of this door need of them has its name here.
 *
 * @module
 */

import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from "node:http";
import fastifyCookie from "@fastify/cookie";
import fastifyStatic from "@fastify/static";
import { decoder, type Schema } from "@naru/core";
import {
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type FastifyTypeProvider,
  fastify,
  LogController,
} from "fastify";
import type { Caller } from "../accounts/gate.ts";
import type { GuestCall } from "../shares/guest-gate.ts";
import { type Call, readerOf } from "./call.ts";
import { holdContinue } from "./continue.ts";
import { routedAddress } from "./guest-address.ts";
import { openapi, type Route } from "./openapi.ts";

declare module "fastify" {
  interface FastifyRequest {
    caller: Caller | undefined;
    /** Set when the caller came by a link. */
    guest: GuestCall | undefined;
  }
  interface FastifyInstance {
    /** The API's description, once all routes are there. */
    describeCalls(): object;
  }
  interface FastifySchema {
    call?: Call;
  }
  interface FastifyContextConfig {
    /** Anyone may call. */
    open?: boolean;
    /** Who may call beside those who stand for a whole account; the handler asks their rights. */
    callers?: readonly Caller["by"][];
    /** The handler reads the body, as it comes. */
    streams?: boolean;
  }
}

/** A schema's type is what its decoder returns. */
interface SchemaTypes extends FastifyTypeProvider {
  readonly validator: this["schema"] extends Schema<infer T> ? T : unknown;
  readonly serializer: this["schema"] extends Schema<infer T> ? T : unknown;
}

export type App = FastifyInstance<Server, IncomingMessage, ServerResponse, FastifyBaseLogger, SchemaTypes>;
export type Request = FastifyRequest;
export type Reply = FastifyReply;
export type Logger = FastifyBaseLogger;
export type AppError = FastifyError;

export interface AppOptions {
  readonly logger: Logger;
  /** Whose `X-Forwarded-*` count: addresses, ranges, `loopback`; `true` for everyone's. */
  readonly trustProxy: boolean | readonly string[];
}

const jsonLimit = 8 * 1024 * 1024;
/** Longer than proxies keep a connection that rests (60 s), so that none sends a request into one that is being closed. */
const keepAliveMs = 72_000;

/** Make the application, without routes. */
export async function makeApp({ logger, trustProxy }: AppOptions): Promise<App> {
  const app = fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: typeof trustProxy === "boolean" ? trustProxy : [...trustProxy],
    bodyLimit: jsonLimit,
    serverFactory: makeServer,
    rewriteUrl: routedAddress,
    routerOptions: { maxParamLength: 5000, ignoreTrailingSlash: false },
    // `/api/files/{path}` has its own HEAD.
    exposeHeadRoutes: false,
  }).withTypeProvider<SchemaTypes>();
  app.setValidatorCompiler<Schema>(({ schema }) => {
    const decode = readerOf(schema) ?? decoder(schema);
    return (value: unknown) => {
      try {
        return { value: decode(value) };
      } catch (error) {
        return { error: error instanceof Error ? error : new Error(String(error)) };
      }
    };
  });
  // The schemas of answers describe; they do not filter.
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
  app.decorateRequest("caller", undefined);
  app.decorateRequest("guest", undefined);
  await app.register(fastifyCookie);
  const routes: Route[] = [];
  app.addHook("onRoute", ({ method, url, schema, config }) => {
    const call = schema?.call;
    if (call === undefined && url.startsWith("/api/"))
      throw new Error(`Cannot add "${method} ${url}": it is not described`);
    if (call === undefined) return;
    for (const one of [method].flat()) routes.push({ method: one, url, open: config?.open === true, call });
  });
  app.decorate("describeCalls", () => openapi(routes));
  return app;
}

/** An archive is asked for by the paths of all that is chosen, hundreds of names in nine bytes a letter. */
const maxHeaderSize = 64 * 1024;

/** One server for each address that the host's name has. */
function makeServer(handler: RequestListener): Server {
  const server = createServer({ maxHeaderSize }, handler);
  // A slow line may take hours for one body; `body.ts` watches for silence instead.
  server.requestTimeout = 0;
  server.setTimeout(0);
  server.keepAliveTimeout = keepAliveMs;
  holdContinue(server);
  return server;
}

/** Serve the built page from a folder: the entry is asked for anew, what has a hash in its name is kept for good. */
export async function servePage(app: App, folder: string): Promise<void> {
  await app.register(fastifyStatic, {
    root: folder,
    wildcard: false,
    index: "index.html",
    cacheControl: false,
    setHeaders: (reply, path) => {
      const hashed = /[/\\]assets[/\\]/.test(path);
      reply.header("cache-control", hashed ? "public, max-age=31536000, immutable" : "no-cache");
    },
  });
}

/** Serve a folder's files under `/downloads/`, to be kept, not shown. */
export async function serveDownloads(app: App, folder: string): Promise<void> {
  await app.register(fastifyStatic, {
    root: folder,
    prefix: "/downloads/",
    index: false,
    cacheControl: false,
    setHeaders: (reply) => {
      reply.header("cache-control", "no-cache");
      reply.header("content-disposition", "attachment");
    },
  });
}
