/** Decoders of messages that the server reads by their schemas, at its routes. */

import { completeBatch, createUpload, redeemTicket, signParts, wireError } from "../../src/index.ts";
import { decoder } from "../../src/wire/decoder.ts";
import { type CompleteOne, wireLimits } from "../../src/wire/uploads.ts";

export const decodeCreateUpload = decoder(createUpload);
export const decodeSignParts = decoder(signParts);
export const decodeRedeem = decoder(redeemTicket);
export const decodeLimits = decoder(wireLimits);
export const decodeError = decoder(wireError);

const readCompleteBatch = decoder(completeBatch);

export function decodeCompleteBatch(value: unknown): readonly CompleteOne[] {
  return readCompleteBatch(value).uploads;
}
