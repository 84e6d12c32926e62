import { TransferError } from "@naru/core";
import type { S3Wire } from "../s3/s3-wire.ts";
import type { StoreClock } from "../s3/store-clock.ts";
import type { AzureCredentials } from "./azure-credentials.ts";
import { blobSas, type DelegationKey, type SasGrant, type SasKey, sasTime } from "./blob-sas.ts";
import { readAll } from "./service-text.ts";
import { serviceVersion } from "./service-version.ts";
import { textIn } from "./service-xml.ts";
import { type RequestToSign, sharedKeyHeader } from "./shared-key.ts";

export interface AccessOptions {
  readonly account: string;
  /** Of the blob service, without a final slash. */
  readonly endpoint: string;
  readonly credentials: AzureCredentials;
  readonly wire: S3Wire;
  readonly clock: StoreClock;
}

/** What of a grant the caller says. */
export type BlobGrant = Omit<SasGrant, "account" | "expires"> & {
  /** How long it is good; an hour by default. */
  readonly lifeSeconds?: number | undefined;
};

/** A query that grants access to one blob. */
export interface SignedGrant {
  readonly query: string;
  readonly expires: Date;
}

const defaultLifeSeconds = 3600;
const hourMs = 3_600_000;
/** The service gives a key for seven days at most; a day is enough, and is renewed long before its end. */
const keyLifeMs = 24 * hourMs;
const keyRenewedMs = 12 * hourMs;

/** Authorizes what this server does, and what it lets others do. */
export class BlobAccess {
  readonly #options: AccessOptions;
  #delegation: { readonly until: number; readonly key: Promise<DelegationKey> } | undefined;

  constructor(options: AccessOptions) {
    this.#options = options;
  }

  /** The headers with which a request of this server is sent: those given, and who it is. */
  async authorize(request: RequestToSign): Promise<Record<string, string>> {
    const { account, credentials, clock } = this.#options;
    const date = new Date(clock.now()).toUTCString();
    const headers = { ...request.headers, "x-ms-date": date, "x-ms-version": serviceVersion };
    if (credentials.by === "token") {
      const { token } = await credentials.token();
      return { ...headers, authorization: `Bearer ${token}` };
    }
    const { key } = credentials;
    return { ...headers, authorization: sharedKeyHeader({ ...request, headers }, { account, key }) };
  }

  /** Let whoever has the query do so much with one blob, for so long. */
  async grant({ lifeSeconds = defaultLifeSeconds, ...grant }: BlobGrant): Promise<SignedGrant> {
    const { account, clock } = this.#options;
    const key = await this.#sasKey();
    const wished = clock.now() + lifeSeconds * 1000;
    const end = key.of === "delegation" ? Math.min(wished, Date.parse(key.key.expires)) : wished;
    const expires = new Date(end);
    return { query: blobSas(key, { ...grant, account, expires }), expires };
  }

  async #sasKey(): Promise<SasKey> {
    const { credentials, clock } = this.#options;
    if (credentials.by === "key") return { of: "account", value: credentials.key };
    const known = this.#delegation;
    if (known && known.until > clock.now()) return { of: "delegation", key: await known.key };
    const asked = { until: clock.now() + keyRenewedMs, key: this.#askForKey() };
    this.#delegation = asked;
    asked.key.catch(() => {
      if (this.#delegation === asked) this.#delegation = undefined;
    });
    return { of: "delegation", key: await asked.key };
  }

  /** https://learn.microsoft.com/rest/api/storageservices/get-user-delegation-key */
  async #askForKey(): Promise<DelegationKey> {
    const { endpoint, wire, clock } = this.#options;
    const url = `${endpoint}/?restype=service&comp=userdelegationkey`;
    const doing = "get a key for addresses (user delegation key)";
    const answer = await clock.again(async () => {
      const [start, end] = [new Date(clock.now()), new Date(clock.now() + keyLifeMs)];
      const body = `<KeyInfo><Start>${sasTime(start)}</Start><Expiry>${sasTime(end)}</Expiry></KeyInfo>`;
      const given = { "content-type": "application/xml", "content-length": String(Buffer.byteLength(body)) };
      const headers = await this.authorize({ method: "POST", url, headers: given });
      return wire.demand(url, { method: "POST", headers, body, doing });
    });
    return keyIn(await readAll(answer));
  }
}

function keyIn(xml: string): DelegationKey {
  const field = (name: string): string => {
    const value = textIn(xml, name);
    if (value) return value;
    throw new TransferError("internal", `Cannot get a key for addresses: the service's answer has no ${name}`);
  };
  return {
    objectId: field("SignedOid"),
    tenantId: field("SignedTid"),
    starts: field("SignedStart"),
    expires: field("SignedExpiry"),
    service: field("SignedService"),
    version: field("SignedVersion"),
    value: field("Value"),
  };
}
