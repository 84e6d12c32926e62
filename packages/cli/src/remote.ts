/** Which server, and as whom: `NARU_URL` and `NARU_TOKEN`. */

import { homedir } from "node:os";
import { join } from "node:path";
import type { Auth } from "@naru/client";
import { UsageError } from "./exit-code.ts";

export interface Remote {
  readonly origin: string;
  readonly auth: Auth;
  /** Where the journal is kept. */
  readonly stateFolder: string;
}

/** Read the environment. @throws {UsageError} if `NARU_URL` is not an http URL */
export function remoteOf(env: Readonly<Record<string, string | undefined>>): Remote {
  const { NARU_URL, NARU_TOKEN, XDG_STATE_HOME } = env;
  const text = NARU_URL || "http://localhost:8080";
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new UsageError("Cannot read NARU_URL: it is not of the form http://user:password@host:port");
  }
  const stateHome = XDG_STATE_HOME || join(homedir(), ".local", "state");
  return { origin: url.origin, auth: authOf(url, NARU_TOKEN), stateFolder: join(stateHome, "naru") };
}

function authOf(url: URL, token: string | undefined): Auth {
  if (token) return { kind: "bearer", token };
  if (!url.username) return { kind: "cookie" };
  return { kind: "basic", user: decodeURIComponent(url.username), password: decodeURIComponent(url.password) };
}
