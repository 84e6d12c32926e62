/** What `naru.yaml` may say. The types, the check of a file, the JSON Schema for editors and the guides' tables follow from it. */

import { closed, either, flag, list, oneOf, optional, record, type Schema, text, whole } from "@naru/core/schema";

/** The version of the file that this program reads. */
export const settingsVersion = 1;

/** Where the keys of one store are. What they are is never in the file. */
export interface CredentialSettings {
  readonly accessKeyEnv?: string | undefined;
  readonly secretKeyEnv?: string | undefined;
  readonly sessionTokenEnv?: string | undefined;
  readonly keyEnv?: string | undefined;
  readonly connectionStringEnv?: string | undefined;
  readonly profile?: string | undefined;
  readonly file?: string | undefined;
}

/** A store, when its URL does not say all. */
export interface MountSettings {
  readonly store: string;
  readonly credentials?: CredentialSettings | undefined;
  readonly bin?: string | undefined;
}

interface FtpSettings {
  readonly listen?: string | number | undefined;
  readonly tls?: TlsSettings | undefined;
  readonly passive?: string | undefined;
  readonly active?: boolean | undefined;
  readonly address?: string | undefined;
}

interface TlsSettings {
  readonly cert: string;
  readonly key: string;
  readonly allowPlain?: boolean | undefined;
  readonly sessionReuse?: boolean | undefined;
}

/** What a file says. */
export interface Settings {
  readonly version?: number | undefined;
  readonly listen?: string | number | undefined;
  readonly data?: string | undefined;
  readonly store?: string | MountSettings | undefined;
  readonly mounts?: Readonly<Record<string, string | MountSettings>> | undefined;
  readonly bin?: string | undefined;
  readonly origins?: readonly string[] | undefined;
  readonly trustProxy?: readonly string[] | undefined;
  readonly admin?:
    | { readonly passwordEnv?: string | undefined; readonly passwordFile?: string | undefined }
    | undefined;
  readonly sftp?: { readonly listen?: string | number | undefined; readonly keys?: string | undefined } | undefined;
  readonly ftp?: FtpSettings | undefined;
  readonly doors?: { readonly host?: string | undefined; readonly memoryMiB?: number | undefined } | undefined;
  readonly agent?: { readonly route?: AgentRoute | undefined } | undefined;
  readonly pages?: { readonly oneRoute?: boolean | undefined } | undefined;
  readonly shares?: { readonly days?: number | undefined; readonly addresses?: KeptAddresses | undefined } | undefined;
}

type AgentRoute = "auto" | "direct" | "proxy" | "sftp" | "ftp";
type KeptAddresses = "short" | "full" | "none";

const host = "(\\[[0-9A-Fa-f:.]+\\]|[^:\\[\\]\\s]+):";

function addressOf(what: string): Schema<string | number> {
  const description = `Where ${what} listens: a port, or HOST:PORT, as \`0.0.0.0:8080\`.`;
  return either(text(description, { pattern: `^(${host})?[0-9]{1,5}$` }), whole(description, { maximum: 65_535 }));
}

const variable = { pattern: "^[A-Za-z_][A-Za-z0-9_]*$" };
const bin: Schema<string> = text("For how long the bin keeps what people remove in the page: `30d`, or `off`.", {
  pattern: "^(off|[1-9][0-9]{0,3}d)$",
});
const storeUrl: Schema<string> = text("The URL of a store, as for `--store`: `file:DIR`, `s3://BUCKET?endpoint=...`.", {
  pattern: "^[a-z][a-z0-9]*:.+$",
});

const credentials: Schema<CredentialSettings> = closed({
  accessKeyEnv: optional(text("Environment variable of the access key (S3, HMAC).", variable)),
  secretKeyEnv: optional(text("Environment variable of the secret key (S3, HMAC).", variable)),
  sessionTokenEnv: optional(text("Environment variable of the session token, for temporary keys.", variable)),
  keyEnv: optional(text("Environment variable of an account key (Azure).", variable)),
  connectionStringEnv: optional(text("Environment variable of a connection string (Azure).", variable)),
  profile: optional(text("A profile of the AWS configuration.", { minLength: 1 })),
  file: optional(text("A file of credentials: AWS credentials, or a Google service account's key.", { minLength: 1 })),
});

const mount: Schema<MountSettings> = closed({
  store: storeUrl,
  credentials: optional(credentials),
  bin: optional(bin),
});

export const settingsSchema: Schema<Settings> = closed({
  version: optional(whole("The version of this file.", { minimum: 1, maximum: settingsVersion })),
  listen: optional(addressOf("HTTP")),
  data: optional(text("Folder of accounts and the ledger.", { minLength: 1 })),
  store: optional(either(mount, storeUrl)),
  mounts: optional(
    record(either(mount, storeUrl), "Stores by the folder that they appear as; `/` holds everything else."),
  ),
  bin: optional(bin),
  origins: optional(list(text("An origin, as `https://naru.example`.", { minLength: 1 }), "Where people reach it.")),
  trustProxy: optional(
    list(text("An address, a range, or `loopback`.", { minLength: 1 }), "Proxies whose X-Forwarded-* headers count."),
  ),
  admin: optional(
    closed({
      passwordEnv: optional(text("Environment variable of the initial password of admin.", variable)),
      passwordFile: optional(text("File with the initial password of admin.", { minLength: 1 })),
    }),
  ),
  sftp: optional(
    closed({
      listen: optional(addressOf("SFTP")),
      keys: optional(text("Folder of the host keys.", { minLength: 1 })),
    }),
  ),
  ftp: optional(
    closed({
      listen: optional(addressOf("FTP")),
      tls: optional(
        closed({
          cert: text("PEM file of the certificate with its chain.", { minLength: 1 }),
          key: text("PEM file of its key.", { minLength: 1 }),
          allowPlain: optional(flag("Also accept clients without TLS.")),
          sessionReuse: optional(flag("Refuse data connections that do not resume the TLS session.")),
        }),
      ),
      passive: optional(text("Ports of data connections: `50000-50100`.", { pattern: "^[0-9]{1,5}-[0-9]{1,5}$" })),
      active: optional(flag("Allow active mode.")),
      address: optional(text("IPv4 address that PASV announces.", { minLength: 7 })),
    }),
  ),
  doors: optional(
    closed({
      host: optional(text("Host name where agents reach SFTP and FTP.", { minLength: 1 })),
      memoryMiB: optional(whole("Memory for SFTP and FTP uploads in flight.", { minimum: 16, maximum: 65_536 })),
    }),
  ),
  agent: optional(
    closed({
      route: optional(oneOf(["auto", "direct", "proxy", "sftp", "ftp"], "How agents send new files.")),
    }),
  ),
  pages: optional(
    closed({
      oneRoute: optional(flag("Pages never send parts of one file both straight to the store and through the server.")),
    }),
  ),
  shares: optional(
    closed({
      days: optional(whole("How long a link may last.", { minimum: 1, maximum: 3650 })),
      addresses: optional(oneOf(["short", "full", "none"], "What the log of a link keeps of a guest's address.")),
    }),
  ),
});
