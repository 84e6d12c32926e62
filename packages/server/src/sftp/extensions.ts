import { uploadExtension } from "@naru/core";
import type { GatewaySession } from "../gateway/gateway-session.ts";

const extensions = {
  "posix-rename@openssh.com": "1",
  "fsync@openssh.com": "1",
  "statvfs@openssh.com": "2",
  "limits@openssh.com": "1",
  "check-file": "1",
};

const uploadExtensions = Object.fromEntries(Object.values(uploadExtension).map((name) => [name, "1"]));

/** What is understood beyond the draft, with versions: said in answer to INIT. */
export function extensionsOf({ uploads }: Pick<GatewaySession, "uploads">): Readonly<Record<string, string>> {
  return uploads ? { ...extensions, ...uploadExtensions } : extensions;
}
