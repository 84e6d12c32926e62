/** Opens the ways that there are from here to the server, and says why the others are not. */

import { randomUUID } from "node:crypto";
import { NaruApi } from "@naru/client/node";
import type { WireSession } from "@naru/core";
import { explain } from "../explain.ts";
import type { Remote } from "../remote.ts";
import { agentWay } from "./agent-way.ts";
import type { BenchWay } from "./bench-way.ts";
import { gatewayWay } from "./gateway-way.ts";
import { naruWay } from "./naru-way.ts";
import { plainWay } from "./plain-way.ts";
import type { BenchRoute } from "./wishes.ts";
import { benchRoutes } from "./wishes.ts";

/** What can be measured, and what cannot. */
export interface OpenedWays extends Disposable {
  readonly ways: readonly BenchWay[];
  readonly left: readonly { readonly way: BenchRoute; readonly why: string }[];
}

type Opened = (BenchWay & Partial<Disposable>) | { readonly why: string };

/** Open the routes that are wished for; without a wish all. One plain request is always measured. */
export async function openWays(
  wished: readonly BenchRoute[] | undefined,
  remote: Remote,
  session: WireSession,
): Promise<OpenedWays> {
  const stack = new DisposableStack();
  const ways: BenchWay[] = [plainWay(remote, session)];
  const left: { way: BenchRoute; why: string }[] = [];
  for (const route of wished ?? benchRoutes) {
    const opened = await open(route, remote, session).catch((error: unknown) => ({ why: explain(error) }));
    if ("why" in opened) {
      left.push({ way: route, why: opened.why });
      continue;
    }
    stack.defer(() => opened[Symbol.dispose]?.());
    ways.push(opened);
  }
  return { ways, left, [Symbol.dispose]: () => stack.dispose() };
}

async function open(route: BenchRoute, remote: Remote, session: WireSession): Promise<Opened> {
  if (route === "proxy") return naruWay(route, remote, session);
  if (route === "direct") {
    return (await isSigned(remote, session))
      ? naruWay(route, remote, session)
      : { why: "The server's store takes files only through the server." };
  }
  if (route === "agent") {
    const agent = await agentWay(remote, process.env);
    return agent ?? { why: "No desktop agent runs on this computer (naru-agent start)." };
  }
  const gateway = session.gateways?.find(({ kind }) => kind.replace(/s$/u, "") === route || kind === route);
  if (gateway === undefined)
    return { why: `The server has no ${route.toUpperCase()} door (naru serve --${route} PORT).` };
  const password = passwordOf(remote);
  if (password === undefined) return { why: "It needs a token or a password: set NARU_TOKEN." };
  return gatewayWay(route, gateway, remote, { user: session.user, password });
}

/** A server may keep several stores: what counts is the one that the files of a comparison go to. */
async function isSigned(remote: Remote, { store }: WireSession): Promise<boolean> {
  if (!store.direct) return false;
  const api = new NaruApi(remote);
  const { direct, id } = await api.create({ path: `naru-bench-${randomUUID()}`, size: 1 });
  await api.abort(id);
  return direct;
}

/** At the other doors a token is a password. */
function passwordOf({ auth }: Remote): string | undefined {
  if (auth.kind === "bearer") return auth.token;
  return auth.kind === "basic" ? auth.password : undefined;
}
