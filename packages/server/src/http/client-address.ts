import { isIPv4 } from "node:net";
import type { Request } from "./fastify.ts";

/** The address that a call comes from, as a trusted proxy tells it; limits go by it, and logs show it. */
export function addressOf({ ip }: Request): string {
  // Some proxies add the client's port, by which each of its connections would be another client.
  const bare = /^\[([^\]]+)\](?::\d+)?$/.exec(ip)?.[1] ?? /^([\d.]+):\d+$/.exec(ip)?.[1] ?? ip;
  const mapped = bare.replace(/^::ffff:/i, "");
  return isIPv4(mapped) ? mapped : bare;
}
