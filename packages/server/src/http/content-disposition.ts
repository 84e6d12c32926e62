/** Say under which name a browser saves the file (RFC 6266): plain ASCII for the old, UTF-8 (RFC 8187) for the rest. */
export function attachment(name: string): string {
  const ascii = name
    .normalize("NFC")
    .replaceAll(/[^\x20-\x7e]/gu, "_")
    .replaceAll(/["\\%]/g, "_");
  const plain = `attachment; filename="${ascii}"`;
  return ascii === name ? plain : `${plain}; filename*=UTF-8''${extended(name)}`;
}

function extended(name: string): string {
  return encodeURIComponent(name).replaceAll(
    /['()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
