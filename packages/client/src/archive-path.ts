/**
 * The URL path of an archive of files and folders, which end with `/`. Some readers take times for those of a clock on the wall:
 * with `zoneMinutes`, the one so far east of UTC.
 */
export function archivePath(
  paths: readonly string[],
  { zoneMinutes }: { readonly zoneMinutes?: number | undefined } = {},
): string {
  const query = new URLSearchParams(paths.map((path) => ["path", path]));
  if (zoneMinutes !== undefined) query.set("zone", String(zoneMinutes));
  return `/api/archive?${query}`;
}
