import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { MiB } from "@naru/core";
import { expect, test } from "vitest";
import { ControlConnection } from "../../src/ftp/control-connection.ts";
import { reply } from "../../src/ftp/reply.ts";

test("a client that reads no answers is read from no more, until it reads them", async () => {
  const server = createServer({ pauseOnConnect: true }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const client = connect(port, "127.0.0.1");
  const [accepted]: [Socket] = (await once(server, "connection")) as [Socket];
  let lines = 0;
  const control = new ControlConnection(accepted, {
    lineBytes: 100,
    onLine: () => {
      lines += 1;
      control.reply(reply(200, "x".repeat(1000)));
    },
  });
  control.go();
  const asked = 100_000;
  client.write("NOOP\r\n".repeat(asked));
  await expect.poll(() => accepted.isPaused()).toBe(true);
  expect(lines).toBeLessThan(asked);
  // What one read of the socket can ask for, at most.
  expect(accepted.writableLength).toBeLessThan(16 * MiB);
  let answers = 0;
  for await (const chunk of client.setEncoding("utf8") as AsyncIterable<string>) {
    answers += chunk.split("\n").length - 1;
    if (answers === asked) break;
  }
  expect(lines).toBe(asked);
  control.close();
  server.close();
});
