/**
 * An experiment: the same files by several ways, one after the other, again and again. `naru bench` and the console make
 * one, add to it, and write its report.
 *
 * @module
 */

import { type Decoder, decoder } from "./decoder.ts";
import { amount, type Decoded, list, message, object, oneOf, only, optional, text, textOf, whole } from "./schema.ts";

/** By which way: `plain` is one PUT or GET of the whole file by the shortest way, which the others are measured against. */
export const experimentWays = ["plain", "direct", "proxy", "sftp", "ftp", "agent"] as const;
export type ExperimentWay = (typeof experimentWays)[number];

/** What was run with what. */
export const experimentPlaces = ["command-line", "browser"] as const;
export type ExperimentPlace = (typeof experimentPlaces)[number];

const run = object({
  way: oneOf(experimentWays, "By which way."),
  place: oneOf(experimentPlaces, "By which program."),
  direction: oneOf(["up", "down"], "To the server or from it."),
  files: whole("How many files.", { minimum: 1 }),
  size: whole("Bytes of each."),
  parallel: whole("How many files travelled at once.", { minimum: 1 }),
  round: whole("In which round, from 1; what is of one round was run close together.", { minimum: 1 }),
  seconds: optional(amount("How long it took; absent when it failed.")),
  cpuSeconds: optional(amount("CPU time of the client's side, where it is known.")),
  bytesCarried: optional(whole("Bytes of files that were really sent or received, with what was sent again.")),
  samples: optional(
    list(list(amount(""), "Seconds since the start, and bytes that had been carried by then."), "At most a hundred."),
  ),
  failure: optional(text("Why it failed.", { maxLength: 1000 })),
});
/** One way with one set of files, once. */
export type ExperimentRun = Decoded<typeof run>;

const computer = object({
  place: oneOf(experimentPlaces, "Which program."),
  program: text("The program and its version.", { maxLength: 300 }),
  system: text("The operating system.", { maxLength: 300 }),
  cpus: whole("Cores."),
  memory: optional(whole("Bytes.")),
});

export const experimentMessage = message(
  "Experiment",
  "The same files by several ways.",
  object({
    version: only("1"),
    began: textOf("date-time", "When it began."),
    server: text("The origin of the server.", { maxLength: 300 }),
    computers: list(computer, "Where it was run.", { maxItems: 10 }),
    left: list(
      object({
        place: oneOf(experimentPlaces, "By which program."),
        way: oneOf(experimentWays, "Which way."),
        why: text("Why it was not measured.", { maxLength: 1000 }),
      }),
      "What could not be measured.",
      { maxItems: 100 },
    ),
    runs: list(run, "In the order in which they were made.", { maxItems: 20_000 }),
  }),
);
export type Experiment = Decoded<typeof experimentMessage>;
export type ExperimentComputer = Experiment["computers"][number];

/** Read an experiment that was saved. @throws {TransferError} `invalid` */
export const decodeExperiment: Decoder<Experiment> = decoder(experimentMessage);
