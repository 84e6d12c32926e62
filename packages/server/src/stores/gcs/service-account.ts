/**
 * The key file of a Google service account, and how it signs (`GOOG4-RSA-SHA256`): by RSASSA-PKCS1-v1_5 with SHA-256
 * (RFC 8017, 8.2), here and without a network. https://cloud.google.com/storage/docs/authentication/signatures
 */

import { createPrivateKey, type KeyObject, sign } from "node:crypto";
import { promisify } from "node:util";
import { TransferError } from "@naru/core";
import type { SigningKey } from "../s3/signature-v4.ts";
import { googHeaders } from "./goog-headers.ts";

// On a thread of its own: an RSA signature takes 0.2 to 1.2 ms, and a client asks for a thousand at once.
const signAside = promisify<string, Buffer, KeyObject, Buffer>(sign);

/**
 * Read the text of a key file.
 *
 * @throws {TransferError} `invalid` that says what is wrong with it, and nothing of what is in it
 */
export function serviceAccountKey(text: string): SigningKey {
  const { client_email: email, private_key: pem } = keyFileIn(text);
  const key = privateKeyIn(pem);
  return {
    algorithm: "GOOG4-RSA-SHA256",
    prefix: "X-Goog-",
    id: email,
    query: {},
    headers: {},
    scope: (day) => `${day}/auto/storage/goog4_request`,
    sign: async (toSign) => (await signAside("sha256", Buffer.from(toSign), key)).toString("hex"),
    spell: googHeaders,
  };
}

interface KeyFile {
  readonly client_email: string;
  readonly private_key: string;
}

function keyFileIn(text: string): KeyFile {
  const value = parsed(text);
  if (typeof value !== "object" || value === null) throw unfit("it is not a JSON object");
  const fields: Partial<Record<keyof KeyFile | "type", unknown>> = value;
  const { type, client_email, private_key } = fields;
  if (type !== "service_account") {
    const said = typeof type === "string" ? `its type is "${type.slice(0, 40)}"` : "it has no type";
    throw unfit(`${said}, and only "service_account" has a key to sign with`);
  }
  if (typeof client_email !== "string" || client_email === "") throw unfit("it has no client_email");
  if (typeof private_key !== "string" || private_key === "") throw unfit("it has no private_key");
  return { client_email, private_key };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Its message would show some of the text.
    throw unfit("it is not JSON");
  }
}

function privateKeyIn(pem: string): KeyObject {
  const key = keyIn(pem);
  if (key?.asymmetricKeyType !== "rsa") throw unfit("its private_key is not an RSA key in PEM");
  return key;
}

function keyIn(pem: string): KeyObject | undefined {
  try {
    return createPrivateKey(pem);
  } catch {
    return undefined;
  }
}

function unfit(why: string): TransferError {
  return new TransferError("invalid", `Cannot use the service account's key file: ${why}`);
}
