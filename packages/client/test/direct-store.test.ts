import type { PartToSign, SignedPart } from "@naru/core";
import { describe, expect, test, vi } from "vitest";
import { failureOf } from "../src/api-call.ts";
import { storeFailure } from "../src/direct-store.ts";
import { PresignQueue } from "../src/presign-queue.ts";

const partOf = (number: number): PartToSign => ({ number, offset: number, size: 1 });
const signed = (part: PartToSign): SignedPart => ({
  part,
  method: "PUT",
  url: `http://store/${part.number}`,
  headers: {},
  expires: new Date(0),
});

test("parts that are asked for together are signed in one request", async () => {
  const calls: number[][] = [];
  const queue = new PresignQueue(async (parts) => {
    calls.push(parts.map(({ number }) => number));
    return parts.map(signed);
  });
  const urls = await Promise.all([1, 2, 3].map(async (number) => (await queue.sign(partOf(number))).url));
  expect(urls).toEqual(["http://store/1", "http://store/2", "http://store/3"]);
  expect(calls).toEqual([[1, 2, 3]]);
});

test("the first signature is asked for at once, and later ones together with what comes in the next milliseconds", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout"] });
  try {
    const calls: number[][] = [];
    const queue = new PresignQueue(async (parts) => {
      calls.push(parts.map(({ number }) => number));
      return parts.map(signed);
    });
    const signing = [queue.sign(partOf(1))];
    await vi.advanceTimersByTimeAsync(0);
    expect(calls).toEqual([[1]]);
    signing.push(queue.sign(partOf(2)));
    await vi.advanceTimersByTimeAsync(2);
    signing.push(queue.sign(partOf(3)));
    await vi.advanceTimersByTimeAsync(10);
    expect(calls).toEqual([[1], [2, 3]]);
    await Promise.all(signing);
  } finally {
    vi.useRealTimers();
  }
});

describe("a signature that was prepared", () => {
  const digestOf = (md5: string): PartToSign["digest"] => ({ md5, crc64: "0".repeat(16) });
  const counted = (answer: (calls: number) => Promise<void> = async () => undefined) => {
    let calls = 0;
    const queue = new PresignQueue(async (parts) => {
      calls += 1;
      await answer(calls);
      return parts.map((part) => ({ ...signed(part), url: `http://store/call-${calls}` }));
    });
    return { queue, calls: () => calls };
  };

  test("is there when the part travels, and is used once", async () => {
    const { queue, calls } = counted();
    queue.prepare(partOf(1));
    expect((await queue.sign(partOf(1))).url).toBe("http://store/call-1");
    expect(calls()).toBe(1);
    expect((await queue.sign(partOf(1))).url).toBe("http://store/call-2");
  });

  test("is not used for other bytes", async () => {
    const { queue } = counted();
    queue.prepare({ ...partOf(1), digest: digestOf("a".repeat(32)) });
    await queue.sign(partOf(2));
    expect((await queue.sign({ ...partOf(1), digest: digestOf("b".repeat(32)) })).url).toBe("http://store/call-2");
  });

  test("is asked for again if nobody could give it", async () => {
    const { queue } = counted(async (calls) => {
      if (calls === 1) throw new Error("the line was cut");
    });
    queue.prepare(partOf(1));
    expect((await queue.sign(partOf(1))).url).toBe("http://store/call-2");
  });

  test("is asked for again if it took long, or became old", async () => {
    vi.useFakeTimers({ toFake: ["performance", "setTimeout"] });
    try {
      const { queue } = counted((calls) => (calls === 1 ? new Promise(() => undefined) : Promise.resolve()));
      const next = async (waitMs: number, number: number): Promise<string> => {
        queue.prepare(partOf(number));
        await vi.advanceTimersByTimeAsync(waitMs);
        const signing = queue.sign(partOf(number));
        await vi.advanceTimersByTimeAsync(10);
        return (await signing).url;
      };
      expect(await next(2500, 1)).toBe("http://store/call-2");
      expect(await next(590_000, 2)).toBe("http://store/call-3");
      expect(await next(610_000, 3)).toBe("http://store/call-5");
    } finally {
      vi.useRealTimers();
    }
  });
});

test("who waits for a signature and is stopped, stops waiting at once", async () => {
  const queue = new PresignQueue(() => new Promise(() => undefined));
  const controller = new AbortController();
  const waiting = queue.sign(partOf(1), { signal: controller.signal });
  controller.abort(new Error("stopped"));
  await expect(waiting).rejects.toThrow("stopped");
});

test.each([
  [400, "BadDigest", "checksum-mismatch"],
  [403, "SignatureDoesNotMatch", "forbidden"],
  [404, "NoSuchUpload", "not-found"],
  [400, "RequestTimeout", "unavailable"],
  [503, "SlowDown", "throttled"],
  [500, "InternalError", "unavailable"],
])("the store's %i %s is %s", (status, said, code) => {
  const error = storeFailure(status, new Headers({ "retry-after": "2" }), `<Error><Code>${said}</Code></Error>`, "put");
  expect(error).toMatchObject({ code, retryAfterMs: 2000 });
});

test("a 413 that the store did not write comes from a proxy before it", () => {
  const large = storeFailure(413, new Headers(), "<html><title>413 Request Entity Too Large</title></html>", "put");
  expect(large).toMatchObject({
    code: "proxy-limit",
    message: expect.stringContaining("a proxy in front of the store"),
  });
  const own = storeFailure(413, new Headers(), "<Error><Code>EntityTooLarge</Code></Error>", "put");
  expect(own.code).toBe("too-large");
});

test("a 413 that the server did not write comes from a proxy before it", () => {
  expect(failureOf(413, new Headers(), "<html></html>", "put").code).toBe("proxy-limit");
  const own = JSON.stringify({ code: "too-large", message: "Cannot", retryable: false });
  expect(failureOf(413, new Headers(), own, "put").code).toBe("too-large");
});
