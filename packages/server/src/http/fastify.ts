/**
 * The one file that meets Fastify and its plugins; what the other files of this door need of them has its name here.
 *
 * @module
 */

import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from "node:http";
import fastifyCookie from "@fastify/cookie";
import fastifyStatic from "@fastify/static";
import fastifySwagger from "@fastify/swagger";
import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import {
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  fastify,
  LogController,
} from "fastify";
import type { Caller } from "../accounts/gate.ts";
import { holdContinue } from "./continue.ts";

declare module "fastify" {
  interface FastifyRequest {
    caller: Caller | undefined;
  }
  interface FastifyContextConfig {
    /** Anyone may call. */
    open?: boolean;
    /** The handler reads the body, as it comes. */
    streams?: boolean;
  }
}

export type App = FastifyInstance<Server, IncomingMessage, ServerResponse, FastifyBaseLogger, TypeBoxTypeProvider>;
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
    routerOptions: { maxParamLength: 5000, ignoreTrailingSlash: false },
    ajv: { customOptions: { removeAdditional: false, coerceTypes: false, allErrors: false } },
    // `/api/files/{path}` has its own HEAD.
    exposeHeadRoutes: false,
  }).withTypeProvider<TypeBoxTypeProvider>();
  // The schemas of answers describe; they do not filter.
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
  app.decorateRequest("caller", undefined);
  await app.register(fastifyCookie);
  await app.register(fastifySwagger, {
    openapi: {
      openapi: "3.1.0",
      info: { title: "Naru", version: "1", description: "Carries very large files into object storage" },
      components: {
        securitySchemes: {
          session: { type: "apiKey", in: "cookie", name: "naru-session" },
          token: { type: "http", scheme: "bearer" },
          basic: { type: "http", scheme: "basic" },
        },
      },
      security: [{ session: [] }, { token: [] }, { basic: [] }],
    },
  });
  return app;
}

/** One server for each address that the host's name has. */
function makeServer(handler: RequestListener): Server {
  const server = createServer(handler);
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
