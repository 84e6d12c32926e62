/** Whether a server can be reached, and why not. */

import { connect } from "node:net";
import { type Abortable, isTransferError, TransferError } from "@naru/core";

const probeMs = 5000;

/** Tell whether somebody takes connections there; which protocol is spoken is not asked. */
export function listens(
  { host, port }: { readonly host: string; readonly port: number },
  { signal }: Abortable,
): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: probeMs });
    const end = (answers: boolean) => (): void => {
      socket.destroy();
      resolve(answers);
    };
    signal?.addEventListener("abort", end(false), { once: true });
    socket.once("connect", end(true)).once("timeout", end(false)).once("error", end(false));
  });
}

/** Say why a server of HTTP cannot be reached, and tell what passes from what a person has to mend. */
export function withReason(error: unknown, origin: string): unknown {
  if (!isTransferError(error) || error.code !== "unreachable") return error;
  const { code, message } = systemError(error);
  if (/CERT|SIGNATURE|ALTNAME/.test(code)) {
    return new TransferError("forbidden", `Cannot trust "${origin}": ${message}`, { cause: error });
  }
  // Node's own parser, undici's, and OpenSSL by its two ways into Node.
  if (/^HPE_|HTTPParserError|WRONG_VERSION_NUMBER|PACKET_LENGTH/.test(code) || isNoTls(message)) {
    const why = `what answers there is no ${new URL(origin).protocol === "https:" ? "HTTPS" : "HTTP"} server`;
    return new TransferError("unsupported", `Cannot use "${origin}": ${why}`, { cause: error });
  }
  if (code === "") return error;
  return new TransferError("unreachable", `Cannot reach "${origin}": ${message}`, { cause: error });
}

/** Whether OpenSSL has said that what came is not TLS: Node gives that the name of a broken protocol, `EPROTO`. */
function isNoTls(message: string): boolean {
  return /:SSL routines:.*(?:wrong version number|packet length too long)/.test(message);
}

/** The innermost cause that the system, TLS or the parser of HTTP has a name for. */
function systemError(error: Error): { readonly code: string; readonly message: string } {
  let found = { code: "", message: error.message };
  for (let cause: unknown = error.cause; cause instanceof Error; cause = cause.cause) {
    const { message, name } = cause;
    if ("code" in cause && typeof cause.code === "string") found = { code: cause.code, message };
    else if (name === "HTTPParserError") found = { code: name, message };
  }
  return found;
}
