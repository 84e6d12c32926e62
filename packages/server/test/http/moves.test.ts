import { expect, test } from "vitest";
import { httpDoor } from "../../src/testing/index.ts";
import { slowHouse } from "../catalogue/slow-house.ts";

test("a large file that moves to another store shows how far it is, and is stopped by whoever moves it", async () => {
  await using house = await slowHouse();
  house.gate.open = 2;
  const door = await httpDoor(house.store);
  const authorization = `Basic ${Buffer.from(`${door.user}:${door.password}`).toString("base64")}`;
  try {
    const headers = { authorization, "content-type": "application/json" };
    const json = { method: "POST", headers, body: JSON.stringify({ from: "a.bin", to: "cloud/b.bin" }) };
    const moving = fetch(`${door.origin}/api/move`, json);
    await expect.poll(() => house.put.length, { timeout: 60_000 }).toBe(2);
    const { moves } = await (await fetch(`${door.origin}/api/moves`, { headers: { authorization } })).json();
    expect(moves).toMatchObject([{ from: "a.bin", to: "cloud/b.bin", copies: false, entry: "file", ofFiles: 1 }]);
    const cancel = { method: "DELETE", headers: { authorization } };
    expect((await fetch(`${door.origin}/api/moves/${moves[0].id}`, cancel)).status).toBe(204);
    const answer = await moving;
    expect([answer.status, await answer.text()]).toEqual([409, expect.stringContaining("it was cancelled")]);
    expect((await fetch(`${door.origin}/api/moves/${moves[0].id}`, cancel)).status).toBe(404);
  } finally {
    await door.close();
  }
});
