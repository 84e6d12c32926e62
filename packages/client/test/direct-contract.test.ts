/** The direct route back to back: the server signs, and parts go straight to the bucket. */

import { describeFiles, describeStore, type Opened } from "@naru/core/testing";
import { createServer, silentLog } from "@naru/server";
import { openS3 } from "../../server/test/stores/s3-place.ts";
import { directStore, httpFiles, NaruApi, openNetwork } from "../src/node/index.ts";
import { httpFilesLack, httpLacks } from "./http-lacks.ts";

const user = "admin";
const password = "correct horse";

async function thereAndBack(): Promise<Opened> {
  const stack = new AsyncDisposableStack();
  const bucket = stack.use(await openS3());
  const server = await createServer({
    store: bucket.store,
    dataDir: ":memory:",
    adminPassword: password,
    logger: silentLog(),
  });
  stack.defer(() => server.close());
  const origin = await server.listen({ host: "127.0.0.1", port: 0 });
  const network = stack.use(openNetwork());
  const api = new NaruApi({ origin, auth: { kind: "basic", user, password }, fetch: network.fetch });
  const { limits } = (await api.session({ probe: false })).store;
  const open = () => directStore(api, { send: network.send, limits });
  return {
    store: open(),
    files: httpFiles(api),
    plant: bucket.plant,
    reopen: async () => open(),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

const { prepare: _, presign: __, ...lacks } = httpLacks;

describeStore("direct, there and back", thereAndBack, lacks);
describeFiles("direct, there and back", thereAndBack, httpFilesLack);
