/**
 * Starts Azurite with the tests' own starter and keeps it until SIGTERM: `node azurite-host.ts`. Says
 * `ready {endpoint, account, key}`.
 */

// The tests' folder belongs to no package; it is found by place, not by a name.
const { startAzurite } = await import(new URL("../../../test/peers/azurite.ts", import.meta.url).href);
const azurite = await startAzurite();
const { endpoint, account, key } = azurite;
console.log(`ready ${JSON.stringify({ endpoint, account, key })}`);
const alive = setInterval(() => undefined, 60_000);
process.once("SIGTERM", () => {
  clearInterval(alive);
  void azurite[Symbol.asyncDispose]();
});
