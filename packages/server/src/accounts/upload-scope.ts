/** What a token for one upload is good for: the upload at this server, or (by SFTP and FTP) a path. */
export interface UploadScope {
  /** The paired agent that it was given to. */
  readonly agent: string;
  readonly id?: string | undefined;
  readonly path: string;
}

/** Write a scope as the name of a secret; the agent comes first, so that revoking it finds them. */
export function scopeName({ agent, id = "", path }: UploadScope): string {
  return JSON.stringify({ agent, id, path });
}

/** Read a scope off a secret's name. A name that is none opens nothing. */
export function scopeIn(name: string): UploadScope {
  const value: unknown = JSON.parse(name);
  if (typeof value !== "object" || value === null) return { agent: "", path: "" };
  const read = new Map(Object.entries(value).map(([key, item]) => [key, String(item)]));
  return { agent: read.get("agent") ?? "", id: read.get("id") || undefined, path: read.get("path") ?? "" };
}
