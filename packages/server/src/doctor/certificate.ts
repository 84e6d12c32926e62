import { isIP } from "node:net";
import { connect } from "node:tls";

/** What TLS shows at an address. */
export interface ShownCertificate {
  /** Why this machine does not trust it. */
  readonly fault?: string | undefined;
  readonly expires?: Date | undefined;
  readonly protocol?: string | undefined;
}

const patienceMs = 10_000;

/** The port of an address, also where it is the usual one. */
export function portOf({ port, protocol }: URL): number {
  return port === "" ? (protocol === "https:" ? 443 : 80) : Number(port);
}

/** Look at the certificate there, trusted or not. No request is made. */
export async function certificateOf(address: URL, signal: AbortSignal): Promise<ShownCertificate> {
  const host = address.hostname.replace(/^\[|\]$/g, "");
  const name = isIP(host) === 0 ? { servername: host } : {};
  // What is wrong with it is to be told, so that it must not end the connection.
  const socket = connect({ host, port: portOf(address), rejectUnauthorized: false, ...name });
  try {
    return await new Promise<ShownCertificate>((done) => {
      const stop = (fault: string): void => done({ fault });
      socket.setTimeout(patienceMs, () => stop("ETIMEDOUT"));
      socket.once("error", (error) => stop("code" in error ? String(error.code) : error.message));
      signal.addEventListener("abort", () => stop("ABORTED"), { once: true });
      socket.once("secureConnect", () => {
        const { authorizationError: fault } = socket;
        const expires = new Date(socket.getPeerCertificate().valid_to);
        const protocol = socket.getProtocol() ?? undefined;
        const isOver = expires.getTime() < Date.now();
        done({ fault: isOver ? "CERT_HAS_EXPIRED" : fault ? codeIn(fault) : undefined, expires, protocol });
      });
    });
  } finally {
    socket.destroy();
  }
}

/** Its declaration says that it is an error; Node gives a text. */
function codeIn(fault: unknown): string {
  return fault instanceof Error && "code" in fault ? String(fault.code) : String(fault);
}
