/** What a token for one upload is good for: the upload at this server, or (by SFTP and FTP) a path. */
export interface UploadScope {
  readonly id?: string | undefined;
  readonly path: string;
}

/** Write a scope as the name of a secret. */
export function scopeName({ id = "", path }: UploadScope): string {
  return JSON.stringify({ id, path });
}

/** Read a scope off a secret's name. A name that is none opens nothing. */
export function scopeIn(name: string): UploadScope {
  const value: unknown = JSON.parse(name);
  if (typeof value !== "object" || value === null) return { path: "" };
  const read = new Map(Object.entries(value).map(([key, item]) => [key, String(item)]));
  return { id: read.get("id") || undefined, path: read.get("path") ?? "" };
}
