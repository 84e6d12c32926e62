import type { WireGateway } from "@naru/core";
import type { OpenedDoor } from "../door.ts";

const kinds: readonly WireGateway["kind"][] = ["sftp", "ftps", "ftp"];

/** The doors for programs that speak SFTP or FTP, as clients are told of them; SFTP first. */
export function gatewaysIn(opened: readonly OpenedDoor[]): readonly WireGateway[] {
  return kinds.flatMap((kind) =>
    opened.filter((door) => door.kind === kind).map(({ host, port, hostKey }) => ({ kind, host, port, hostKey })),
  );
}
