/**
 * Starts OpenStack Swift with the tests' own starter and keeps it until SIGTERM: `node swift-host.ts`. Says
 * `ready {endpoint, accessKey, secretKey}`.
 */

// The tests' folder belongs to no package; it is found by place, not by a name.
const { startSwift } = await import(new URL("../../../test/peers/swift.ts", import.meta.url).href);
const swift = await startSwift();
const { endpoint, accessKey, secretKey } = swift;
console.log(`ready ${JSON.stringify({ endpoint, accessKey, secretKey })}`);
const alive = setInterval(() => undefined, 60_000);
process.once("SIGTERM", () => {
  clearInterval(alive);
  void swift[Symbol.asyncDispose]();
});
