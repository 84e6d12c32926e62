import { expect, test } from "vitest";
import { binOption, Command } from "../src/command-options.ts";

function daysOf(...argv: readonly string[]): unknown {
  const command = new Command()
    .exitOverride()
    .configureOutput({ writeErr: () => undefined })
    .addOption(binOption());
  return command.parse([...argv], { from: "user" }).opts()["bin"];
}

test("the bin keeps things for days, or is off", () => {
  expect([daysOf(), daysOf("--bin", "7d"), daysOf("--bin", "off")]).toEqual([30, 7, 0]);
});

test.each(["7", "0d", "d", "-1d", "30 d", "forever", ""])("%j is no time for the bin", (text) => {
  expect(() => daysOf("--bin", text)).toThrow("It is a number of days, such as 30d, or off.");
});
