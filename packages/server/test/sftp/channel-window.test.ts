import { MiB } from "@naru/core";
import { expect, test } from "vitest";
import { channelWindow, WindowMemory } from "../../src/sftp/channel-window.ts";
import type { ServerChannel } from "../../src/sftp/ssh2.ts";

/** A client that sends whatever it has leave for, over a line of a certain length, and a server that takes it at once. */
function transfer({ roundTripMs, bytesPerMs, channels = 1 }: Line): { readonly mostLeave: number } {
  const clock = { now: 0 };
  let leave = 2 * MiB;
  const inside = {
    incoming: { window: 2 * MiB },
    outgoing: { id: 0, state: "open" },
    _client: {
      _protocol: {
        channelWindowAdjust: (_channel: number, bytes: number): void => {
          leave += bytes;
        },
      },
    },
  };
  const memory = new WindowMemory(32 * MiB);
  for (let channel = 0; channel < channels; channel++) memory.enter();
  // Only what the window is made with is looked at.
  const channel = inside as unknown as ServerChannel;
  const window = channelWindow(channel, { memory, onOverrun: () => expect.unreachable(), now: () => clock.now });
  window.roundTrip(roundTripMs);
  let mostLeave = leave;
  for (let trips = 0; trips < 30; trips++) {
    // In a round trip there passes what the client had leave for, or what the line carries.
    const sent = Math.min(leave, Math.floor(Math.max(roundTripMs, 1) * bytesPerMs));
    clock.now += Math.max(roundTripMs, sent / bytesPerMs);
    leave -= sent;
    for (let left = sent; left > 0; left -= 32 * 1024) {
      const bytes = Math.min(left, 32 * 1024);
      inside.incoming.window -= bytes;
      window.taken(bytes);
    }
    mostLeave = Math.max(mostLeave, leave);
  }
  return { mostLeave };
}

interface Line {
  readonly roundTripMs: number;
  readonly bytesPerMs: number;
  readonly channels?: number;
}

test("on a long line a client soon has leave for all that the line holds, up to 16 MiB", () => {
  expect(transfer({ roundTripMs: 100, bytesPerMs: 125_000 }).mostLeave).toBe(16 * MiB);
});

test("close by, or on a slow line, it has no more leave than at first", () => {
  expect(transfer({ roundTripMs: 0.5, bytesPerMs: 500_000 }).mostLeave).toBe(2 * MiB);
  expect(transfer({ roundTripMs: 100, bytesPerMs: 1250 }).mostLeave).toBe(2 * MiB);
});

test("many clients share what memory there is for windows", () => {
  expect(transfer({ roundTripMs: 100, bytesPerMs: 125_000, channels: 8 }).mostLeave).toBe(4 * MiB);
});
