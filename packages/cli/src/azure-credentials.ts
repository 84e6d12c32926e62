import { TransferError } from "@naru/core";
import type { AzureCredentials, AzureToken } from "@naru/server/azure-store";
import { UsageError } from "./exit-code.ts";

/** What the environment says of a storage account. */
export interface AzureSettings {
  readonly account?: string | undefined;
  /** In base64. */
  readonly key?: string | undefined;
  /** Of the blob service. */
  readonly endpoint?: string | undefined;
}

const scope = "https://storage.azure.com/.default";
/** A token is renewed so long before its end. */
const marginMs = 300_000;

/** Read `AZURE_STORAGE_KEY` and `AZURE_STORAGE_CONNECTION_STRING`. @throws {UsageError} if one cannot be used */
export function azureSettings(environment: NodeJS.ProcessEnv): AzureSettings {
  const { AZURE_STORAGE_KEY, AZURE_STORAGE_CONNECTION_STRING } = environment;
  const connection = AZURE_STORAGE_CONNECTION_STRING ? readConnection(AZURE_STORAGE_CONNECTION_STRING) : {};
  if (!AZURE_STORAGE_KEY) return connection;
  return { ...connection, key: keyIn("AZURE_STORAGE_KEY", AZURE_STORAGE_KEY) };
}

/** https://learn.microsoft.com/azure/storage/common/storage-configure-connection-string */
function readConnection(text: string): AzureSettings {
  const name = "AZURE_STORAGE_CONNECTION_STRING";
  const pairs = text.split(";").flatMap((pair) => {
    const equals = pair.indexOf("=");
    return equals < 0 ? [] : [[pair.slice(0, equals).trim().toLowerCase(), pair.slice(equals + 1).trim()] as const];
  });
  const fields = new Map(pairs);
  const account = fields.get("accountname");
  const key = fields.get("accountkey");
  if (account === undefined || key === undefined) {
    throw new UsageError(`Cannot use ${name}: it needs AccountName and AccountKey`);
  }
  const suffix = fields.get("endpointsuffix");
  const protocol = fields.get("defaultendpointsprotocol") ?? "https";
  const usual = suffix === undefined ? undefined : `${protocol}://${account}.blob.${suffix}`;
  return { account, key: keyIn(name, key), endpoint: fields.get("blobendpoint") ?? usual };
}

/** What is decoded of it would sign anyway, and be refused without saying why. */
function keyIn(name: string, key: string): string {
  const isKey = key !== "" && Buffer.from(key, "base64").toString("base64") === key;
  if (!isKey) throw new UsageError(`Cannot use ${name}: its key is not base64, as the portal shows it`);
  return key;
}

/**
 * The account's key, or tokens by Azure's default chain: environment, workload and managed identity, `az login`. Its library is
 * loaded only then.
 *
 * @throws {UsageError} if it is needed, and not installed
 */
export async function azureCredentials({ key }: AzureSettings): Promise<AzureCredentials> {
  if (key !== undefined) return { by: "key", key };
  const { DefaultAzureCredential } = await import("@azure/identity").catch((cause: unknown) => {
    const advice = "set AZURE_STORAGE_KEY or AZURE_STORAGE_CONNECTION_STRING, or run npm install @azure/identity";
    throw new UsageError(`Cannot sign in to Azure: there is no key; ${advice}`, { cause });
  });
  const chain = new DefaultAzureCredential();
  let known: AzureToken | undefined;
  const token = async (): Promise<AzureToken> => {
    if (known && known.expires.getTime() - marginMs > Date.now()) return known;
    const { token, expiresOnTimestamp } = await chain.getToken(scope).catch((cause: unknown) => {
      const ways =
        "set AZURE_STORAGE_KEY or AZURE_STORAGE_CONNECTION_STRING, or sign in with az login or a managed identity";
      throw new TransferError("forbidden", `Cannot sign in to Azure: there is no key and no identity; ${ways}`, {
        cause,
      });
    });
    known = { token, expires: new Date(expiresOnTimestamp) };
    return known;
  };
  return { by: "token", token };
}
