/** What could not be done beside what was done: each a line of its own, and the first in the exit code. */

import { stderr } from "node:process";
import { decoder, type TransferError } from "@naru/core";
import { object, optional } from "@naru/core/schema";
import { type ControlClient, failure, failureOf } from "../control/control-client.ts";
import { exitCodeOf } from "./exit-code.ts";

/** Tell failures; the command goes on with the rest. */
export function tellFailures(failures: readonly TransferError[]): void {
  for (const error of failures) {
    stderr.write(`naru-agent: ${error.message}\n`);
    process.exitCode ??= exitCodeOf(error);
  }
}

const readEvent = decoder(object({ failure: optional(failure) }));

/** Tell what the agent says that it could not do of the next commands. */
export function tellFailuresOf(client: ControlClient): void {
  client.onEvent((event) => {
    const { failure } = readEvent(event, "event");
    if (failure !== undefined) tellFailures([failureOf(failure)]);
  });
}
