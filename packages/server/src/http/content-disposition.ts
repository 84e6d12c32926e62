/**
 * Say under which name a download is saved (RFC 6266). A name beyond plain ASCII is said in UTF-8 (RFC 8187) alone: programs
 * that know no `filename*` then take the name in the address, where an ASCII fallback would make one of many names.
 */
export function attachment(name: string): string {
  if (/^[\x20-\x7e]*$/u.test(name) && !/["\\%]/u.test(name)) return `attachment; filename="${name}"`;
  return `attachment; filename*=UTF-8''${extended(name)}`;
}

function extended(name: string): string {
  return encodeURIComponent(name).replaceAll(
    /['()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
