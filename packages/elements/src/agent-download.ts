/** Where this computer's installer lies on the server. */
export function agentDownload(userAgent: string): string {
  const file = /Windows/.test(userAgent)
    ? "naru-agent-setup-x64.exe"
    : /Linux/.test(userAgent) && !/Android/.test(userAgent)
      ? "naru-agent_amd64.deb"
      : "";
  return `/downloads/${file}`;
}
