/** Spell an address in one way: an IPv4 address that came in IPv6 clothes (`::ffff:`) is one of IPv4. */
export function plainAddress(address: string | undefined): string {
  const text = address ?? "";
  return /^::ffff:\d+\.\d+\.\d+\.\d+$/iu.test(text) ? text.slice("::ffff:".length) : text;
}
