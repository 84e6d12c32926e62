import { type AgentGrant, TransferError } from "@naru/core";
import { expect, test } from "vitest";
import { type FeedTarget, feedAgent } from "../src/browser/agent-feeder.ts";

const size = 1000;
const file = new Blob([Uint8Array.from({ length: size }, (_, at) => at & 255)]);

/** An agent's side of a feed: it keeps what it takes, and its owner says what it grants. */
class Taking implements FeedTarget {
  readonly sliceSize = 100;
  mayWait = false;
  readonly sent: (readonly [number, number])[] = [];
  readonly #held = new Uint8Array(size);
  #rewinds = 0;
  #room = size;
  /** Called for every slice before it is taken; false refuses it. */
  onSend: (start: number) => boolean = () => true;
  /** Called when the feeder has nothing to send. */
  onWait: () => void = () => {
    throw new Error("nothing will change");
  };

  get grant(): AgentGrant {
    const missing: { start: number; end: number }[] = [];
    for (let at = 0; at < size; at += 1) {
      if (this.#held[at] === 1) continue;
      const last = missing.at(-1);
      if (last?.end === at) last.end = at + 1;
      else missing.push({ start: at, end: at + 1 });
    }
    const durable = missing[0]?.start ?? size;
    return { durable, credit: Math.max(0, this.#room - durable), rewinds: this.#rewinds, missing };
  }

  holds(start: number, end: number): void {
    this.#held.fill(1, start, end);
  }

  /** Lose bytes that were taken. */
  lose(start: number, end: number): void {
    this.#held.fill(0, start, end);
    this.#rewinds += 1;
  }

  room(end: number): void {
    this.#room = end;
  }

  async send(start: number, bytes: Blob): Promise<boolean> {
    if (!this.onSend(start)) return false;
    this.sent.push([start, start + bytes.size]);
    this.holds(start, start + bytes.size);
    return true;
  }

  async changed(): Promise<void> {
    this.onWait();
  }
}

test("a file is fed in slices, and what the agent holds already is left out", async () => {
  const agent = new Taking();
  agent.holds(0, 250);
  agent.holds(480, 900);
  await feedAgent(file, agent);
  expect(agent.sent).toEqual([
    [250, 350],
    [350, 450],
    [450, 480],
    [900, 1000],
  ]);
});

test("no byte goes beyond the credit, and the rest goes when there is more", async () => {
  const agent = new Taking();
  agent.room(150);
  const before: number[] = [];
  agent.onWait = () => {
    before.push(agent.sent.length);
    agent.room(size);
  };
  await feedAgent(file, agent);
  expect([before, agent.sent.slice(0, 3)]).toEqual([
    [2],
    [
      [0, 100],
      [100, 150],
      [150, 250],
    ],
  ]);
});

test("where bytes may wait on the way, they set out before there is room; without any room none do", async () => {
  const agent = new Taking();
  agent.mayWait = true;
  agent.room(0);
  agent.onWait = () => agent.room(agent.grant.durable + 150);
  await feedAgent(file, agent);
  expect(agent.sent.slice(0, 2)).toEqual([
    [0, 100],
    [100, 200],
  ]);
});

test("what the agent has lost is fed once more", async () => {
  const agent = new Taking();
  agent.onSend = (start) => {
    if (start === 500 && agent.grant.rewinds === 0) agent.lose(200, 400);
    return true;
  };
  await feedAgent(file, agent);
  expect(agent.grant.missing).toEqual([]);
  expect(agent.sent.filter(([start]) => start === 200)).toHaveLength(2);
});

test("a slice that is refused is fed again when the agent says so", async () => {
  const agent = new Taking();
  let refusals = 0;
  agent.onSend = (start) => start !== 300 || refusals > 0;
  agent.onWait = () => {
    refusals += 1;
  };
  await feedAgent(file, agent);
  expect([refusals, agent.sent.length]).toEqual([1, 10]);
});

test("an agent that goes ends the feed", async () => {
  const agent = new Taking();
  agent.onSend = () => {
    throw new TransferError("unreachable", "Cannot feed the agent: it has disconnected");
  };
  await expect(feedAgent(file, agent)).rejects.toMatchObject({ code: "unreachable" });
});
