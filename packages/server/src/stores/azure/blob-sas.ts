/**
 * Shared access signatures: permission for one blob, in a query.
 * https://learn.microsoft.com/rest/api/storageservices/create-service-sas and .../create-user-delegation-sas
 *
 * @module
 */

import { encodeText } from "../s3/bucket-address.ts";
import { serviceVersion } from "./service-version.ts";
import { hmac } from "./shared-key.ts";

/** A key that the service gives to whom it knows by a token; it signs as the account's does. */
export interface DelegationKey {
  readonly objectId: string;
  readonly tenantId: string;
  readonly starts: string;
  readonly expires: string;
  readonly service: string;
  readonly version: string;
  /** In base64. */
  readonly value: string;
}

/** What signs: the account's key in base64, or one that the service gave. */
export type SasKey =
  | { readonly of: "account"; readonly value: string }
  | { readonly of: "delegation"; readonly key: DelegationKey };

/** One blob, and what may be done with it. */
export interface SasGrant {
  readonly account: string;
  readonly container: string;
  readonly name: string;
  /** `r` reads it, `w` writes its blocks. */
  readonly permissions: "r" | "w";
  readonly expires: Date;
  /** Refuse plain HTTP. */
  readonly httpsOnly: boolean;
  /** What the answer says of itself, whatever the blob says. */
  readonly disposition?: string | undefined;
  readonly type?: string | undefined;
}

/** Write the query that grants it. */
export function blobSas(key: SasKey, grant: SasGrant): string {
  const fields = { ...fieldsOf(grant), ...(key.of === "delegation" && delegationFields(key.key)) };
  const secret = key.of === "account" ? key.value : key.key.value;
  const signed = { ...fields, sig: hmac(secret, stringToSign(key, grant)) };
  return Object.entries(signed)
    .filter(([, value]) => value !== "")
    .map(([name, value]) => `${name}=${encodeText(value)}`)
    .join("&");
}

/** Dates have whole seconds. */
export function sasTime(date: Date): string {
  return date.toISOString().replace(/\.\d+Z$/, "Z");
}

function fieldsOf({ permissions, expires, httpsOnly, disposition = "", type = "" }: SasGrant) {
  return {
    sv: serviceVersion,
    se: sasTime(expires),
    sr: "b",
    sp: permissions,
    spr: httpsOnly ? "https" : "",
    rscd: disposition,
    rsct: type,
  };
}

function delegationFields(key: DelegationKey) {
  return {
    skoid: key.objectId,
    sktid: key.tenantId,
    skt: key.starts,
    ske: key.expires,
    sks: key.service,
    skv: key.version,
  };
}

/** Since version 2020-12-06; empty lines are fields that are not used: start, address, snapshot, encryption scope. */
function stringToSign(key: SasKey, grant: SasGrant): string {
  const { sp, se, spr, sv, sr, rscd, rsct } = fieldsOf(grant);
  const resource = `/blob/${grant.account}/${grant.container}/${grant.name}`;
  const whose = key.of === "account" ? [""] : [...Object.values(delegationFields(key.key)), "", "", ""];
  return [sp, "", se, resource, ...whose, "", spr, sv, sr, "", "", "", rscd, "", "", rsct].join("\n");
}
