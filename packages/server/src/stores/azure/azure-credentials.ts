/** An access token, and until when it is good. */
export interface AzureToken {
  readonly token: string;
  readonly expires: Date;
}

/** What requests are authorized by: the account's key (base64), or tokens of Microsoft Entra ID for the storage service. */
export type AzureCredentials =
  | { readonly by: "key"; readonly key: string }
  | { readonly by: "token"; readonly token: () => Promise<AzureToken> };
