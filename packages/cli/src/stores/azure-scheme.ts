/** `azure://CONTAINER[/PREFIX]?account=NAME&endpoint=URL&publicEndpoint=URL`. */

import { type AzureSettings, azureCredentials, azureSettings } from "../azure-credentials.ts";
import { endpointOf, onlyFields, prefixOf, type StoreAddress, type StoreScheme, wrongUrl } from "./store-scheme.ts";

interface AzureAddress extends StoreAddress {
  readonly kind: "azure";
  readonly container: string;
  /** What every name begins with: empty, or with a final `/`. */
  readonly prefix: string;
  /** The storage account, when the connection string does not say it. */
  readonly account?: string | undefined;
  readonly endpoint?: string | undefined;
  readonly publicEndpoints: readonly string[];
}

const fields: readonly string[] = ["account", "endpoint", "publicEndpoint"];

/** https://learn.microsoft.com/rest/api/storageservices/naming-and-referencing-containers--blobs--and-metadata */
const containerName = /^(?:\$root|\$web|(?=.{3,63}$)[a-z0-9]+(?:-[a-z0-9]+)*)$/;
const accountName = /^[a-z0-9]{3,24}$/;

function read(text: string): AzureAddress {
  const url = URL.parse(text);
  if (url === null || url.hostname === "") throw wrongUrl(text, "it names no container");
  if (url.username !== "" || url.password !== "") throw wrongUrl(text, "keys belong into AZURE_STORAGE_KEY");
  const query = url.searchParams;
  onlyFields(text, query, fields);
  if (!containerName.test(url.hostname)) throw wrongUrl(text, `"${url.hostname}" cannot be the name of a container`);
  const [account, endpoint] = [query.get("account") ?? undefined, query.get("endpoint")];
  if (account !== undefined && !accountName.test(account)) {
    throw wrongUrl(text, `"${account}" cannot be the name of a storage account`);
  }
  return {
    kind: "azure",
    container: url.hostname,
    prefix: prefixOf(text, url),
    account,
    endpoint: endpoint === null ? undefined : endpointOf(text, endpoint),
    publicEndpoints: query.getAll("publicEndpoint").map((one) => endpointOf(text, one)),
  };
}

/** What the URL leaves open is taken from the connection string. */
function accountOf(text: string, { account, endpoint }: AzureAddress, settings: AzureSettings) {
  const name = account ?? settings.account;
  if (name === undefined) throw wrongUrl(text, "it names no storage account (account=NAME)");
  const isOther = settings.account !== undefined && settings.account !== name;
  if (isOther) throw wrongUrl(text, `AZURE_STORAGE_CONNECTION_STRING is of the account "${settings.account}"`);
  return { account: name, endpoint: endpoint ?? settings.endpoint };
}

export const azureScheme: StoreScheme = {
  form: "azure://CONTAINER?account=NAME",
  keys: { keyEnv: "AZURE_STORAGE_KEY", connectionStringEnv: "AZURE_STORAGE_CONNECTION_STRING" },
  read,
  async open(url, { env = process.env } = {}) {
    const address = read(url);
    const settings = azureSettings(env);
    const account = accountOf(url, address, settings);
    const { azureStore } = await import("@naru/server/azure-store");
    const { container, prefix, publicEndpoints } = address;
    return azureStore({
      container,
      prefix,
      publicEndpoints,
      ...account,
      credentials: await azureCredentials(settings),
    });
  },
};
