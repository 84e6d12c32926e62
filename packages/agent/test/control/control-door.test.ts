/** The control socket, as a program meets it that says the wrong thing. */

import { once } from "node:events";
import { connect } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, test } from "vitest";
import { openControlDoor } from "../../src/control/control-door.ts";
import { tempFolder } from "../stores/temp-folder.ts";

test("a request that cannot be read is answered, and the connection goes on", async () => {
  await using folder = await tempFolder();
  const path = join(folder.path, "control.sock");
  await using _door = await openControlDoor({ path, handle: async () => "done", log: () => undefined });
  const socket = connect(path);
  const lines = createInterface({ input: socket });
  const ask = async (request: object): Promise<unknown> => {
    const answer = once(lines, "line");
    socket.write(`${JSON.stringify(request)}\n`);
    return JSON.parse(String(await answer));
  };
  const refusal = { code: "invalid", message: expect.stringContaining("Cannot read") };
  expect(await ask({ id: 7, command: "dance" })).toEqual({ id: 7, error: refusal });
  expect(await ask({ id: 8, command: "settings", change: { atOnce: 1e300 } })).toEqual({ id: 8, error: refusal });
  expect(await ask({ id: 9, command: "list" })).toEqual({ id: 9, result: "done" });
  socket.destroy();
});
