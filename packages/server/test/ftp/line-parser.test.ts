import fc from "fast-check";
import { expect, test } from "vitest";
import { type Line, LineParser } from "../../src/ftp/line-parser.ts";

function parse(bytes: Uint8Array | string, { maxBytes = 4096 } = {}): Line[] {
  return new LineParser({ maxBytes }).push(Buffer.from(bytes));
}

const command = (verb: string, argument = ""): Line => ({ at: "command", verb, argument });

test("a line is a verb in any case and its argument, kept to the letter", () => {
  expect(parse("retr  a b \r\nNOOP\r\nPWD\n")).toEqual([command("RETR", " a b "), command("NOOP"), command("PWD")]);
});

test("names are UTF-8", () => {
  expect(parse("STOR 한글 파일.bin\r\n")).toEqual([command("STOR", "한글 파일.bin")]);
});

test("what is not UTF-8, or holds a control character, is told and ends with its line", () => {
  const bytes = Buffer.concat([
    Buffer.from("STOR "),
    Buffer.from([0xc3, 0x28]),
    Buffer.from("\r\nSTOR a\0b\r\nNOOP\r\n"),
  ]);
  const fault: Line = { at: "fault", fault: "not-text" };
  expect(parse(bytes)).toEqual([fault, fault, command("NOOP")]);
});

test("a line that is no command is told", () => {
  expect(parse("GET / HTTP/1.1\r\n\r\n12\r\n")).toEqual([
    command("GET", "/ HTTP/1.1"),
    { at: "fault", fault: "no-command" },
    { at: "fault", fault: "no-command" },
  ]);
});

test("Telnet signals before ABOR are let go, whole or without their urgent byte", () => {
  const abor = Buffer.from("ABOR\r\n");
  for (const signal of [[255, 244, 255, 242], [255, 244, 242], [255, 244, 255], [242], [255, 251, 1]]) {
    expect(parse(Buffer.concat([Buffer.from(signal), abor]))).toEqual([command("ABOR")]);
  }
});

test("a name may hold what Unicode calls an end of line, which is none here", () => {
  expect(parse("STOR a\u2028b\u2029c\r\n")).toEqual([command("STOR", "a\u2028b\u2029c")]);
});

test("a line over the cap is refused as soon as it is, and nothing after it is read", () => {
  expect(parse("a".repeat(17), { maxBytes: 16 })).toEqual([{ at: "fault", fault: "too-long" }]);
  expect(parse(`${"a".repeat(17)}\r\nNOOP\r\n`, { maxBytes: 16 })).toEqual([{ at: "fault", fault: "too-long" }]);
});

test("however the bytes are cut, the lines are the same", () => {
  const lines = fc.array(fc.constantFrom("NOOP", "STOR 한 글", "cwd /a/../b", "", "\xff\xf4", "x"), { maxLength: 8 });
  fc.assert(
    fc.property(lines, fc.array(fc.nat({ max: 40 })), (texts, cuts) => {
      const bytes = Buffer.from(texts.map((text) => `${text}\r\n`).join(""));
      const parser = new LineParser({ maxBytes: 64 });
      const found: Line[] = [];
      let at = 0;
      for (const cut of [...cuts, bytes.length]) {
        found.push(...parser.push(bytes.subarray(at, at + cut)));
        at += cut;
      }
      expect(found).toEqual(parse(bytes, { maxBytes: 64 }));
    }),
  );
});

test("any bytes are lines or faults, never an exception, and never a control character", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 6 }), (chunks) => {
      const parser = new LineParser({ maxBytes: 64 });
      for (const line of chunks.flatMap((chunk) => parser.push(chunk))) {
        if (line.at === "fault") continue;
        expect(line.verb).toMatch(/^[A-Z]{3,8}$/u);
        expect(line.argument).not.toMatch(/\p{Cc}/u);
      }
    }),
    { numRuns: 2000 },
  );
});
