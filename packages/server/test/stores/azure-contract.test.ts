import { describeFiles, describeStore } from "@naru/core/testing";
import { afterAll, beforeAll } from "vitest";
import { type Azurite, startAzurite } from "../../../../test/peers/azurite.ts";
import { openAzure } from "./opened-container.ts";

let azurite: Azurite;

beforeAll(async () => {
  azurite = await startAzurite();
});

afterAll(() => azurite?.[Symbol.asyncDispose]());

describeStore("a container of Azurite", () => openAzure(azurite, { prefix: "in/" }), {
  readPart: "the service shows nothing of a block before it is committed",
  prepare: "it signs in a moment, by itself",
  space: "the service has no call for it",
});
describeFiles("a container of Azurite", () => openAzure(azurite, { prefix: "in/" }));
