/**
 * Starts Ceph with the tests' own starter and keeps it until SIGTERM, so that it can live in a namespace of its own:
 * `node ceph-host.ts DIR ADDRESS`. Says `ready {endpoint, accessKey, secretKey}`.
 */

const [dir, address] = process.argv.slice(2);
// The tests' folder belongs to no package; it is found by place, not by a name.
const { startCeph } = await import(new URL("../../../test/peers/ceph.ts", import.meta.url).href);
const ceph = await startCeph({ dir, address, bytes: 8 * 2 ** 30 });
const { endpoint, accessKey, secretKey } = ceph;
console.log(`ready ${JSON.stringify({ endpoint, accessKey, secretKey })}`);
const alive = setInterval(() => undefined, 60_000);
process.once("SIGTERM", () => {
  clearInterval(alive);
  void ceph.stop();
});
