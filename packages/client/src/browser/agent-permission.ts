/** Whether this page may reach the agent on loopback: browsers differ, and some ask their user. */

/** `free`: this browser asks nothing. `blocked`: it lets no page of https reach loopback without TLS. */
export type AgentPermission = PermissionState | "free" | "blocked";

/** Chrome's names for it, newest first. */
const names: readonly string[] = ["loopback-network", "local-network-access"];

/** Ask the browser, without making it ask its user. */
export async function permissionForAgent(): Promise<AgentPermission> {
  for (const name of names) {
    // The name is newer than the types of browsers; those that do not know it throw.
    const descriptor = { name } as unknown as PermissionDescriptor;
    const status = await navigator.permissions.query(descriptor).catch(() => undefined);
    if (status) return status.state;
  }
  const { userAgent } = navigator;
  const isWebKit = /AppleWebKit/.test(userAgent) && !/Chrom(e|ium)\//.test(userAgent);
  return isWebKit && location.protocol === "https:" ? "blocked" : "free";
}
