import { describeFiles, describeStore, type Opened, plantedMemory } from "@naru/core/testing";
import { httpStore, NaruApi } from "../../../client/src/index.ts";
import { openNetwork } from "../../../client/src/node/network.ts";
import { httpFilesLack, httpLacks } from "../../../client/test/http-lacks.ts";
import { httpDoor } from "../../src/testing/index.ts";

async function thereAndBack(): Promise<Opened> {
  const { store: held, plant } = plantedMemory();
  const door = await httpDoor(held);
  const auth = { kind: "basic", user: door.user, password: door.password } as const;
  const api = new NaruApi({ origin: door.origin, auth });
  const network = openNetwork();
  const open = (): ReturnType<typeof httpStore> => httpStore(api, { send: network.send });
  const store = open();
  return {
    store,
    files: store,
    plant,
    reopen: async () => open(),
    [Symbol.asyncDispose]: async () => {
      await network[Symbol.asyncDispose]();
      await door.close();
    },
  };
}

describeStore("http, there and back", thereAndBack, httpLacks);
describeFiles("http, there and back", thereAndBack, httpFilesLack);
