/** The direct route back to back: the server signs, and parts go straight to the bucket. */

import { describeFiles, describeStore, type Opened } from "@naru/core/testing";
import { httpDoor } from "@naru/server/testing";
import { openS3 } from "../../server/test/stores/opened-bucket.ts";
import { directStore, httpFiles, NaruApi, openNetwork } from "../src/node/index.ts";
import { httpFilesLack, httpLacks } from "./http-lacks.ts";

async function thereAndBack(): Promise<Opened> {
  const stack = new AsyncDisposableStack();
  const bucket = stack.use(await openS3());
  const door = stack.use(await httpDoor(bucket.store));
  const network = stack.use(openNetwork());
  const auth = { kind: "basic", user: door.user, password: door.password } as const;
  const api = new NaruApi({ origin: door.origin, auth, fetch: network.fetch });
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
