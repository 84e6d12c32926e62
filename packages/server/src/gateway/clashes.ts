import { type Abortable, TransferError } from "@naru/core";
import type { GatewayPlace } from "./gateway-place.ts";
import { parentOf } from "./paths.ts";

/**
 * Refuse a name that no folder tree can have: one below a file, and for a file that of a folder. Object stores would take
 * both, and no client could reach the one behind the other.
 *
 * @param doing begins the error's text: `write "x"`
 * @throws {TransferError} `conflict`
 */
export async function refuseClash(
  { store }: GatewayPlace,
  { doing, name, kind }: { readonly doing: string; readonly name: string; readonly kind: "file" | "folder" },
  options: Abortable,
): Promise<void> {
  const above: string[] = [];
  for (let folder = parentOf(name); folder !== ""; folder = parentOf(folder)) above.push(folder);
  const isFolder = kind === "file" ? store.folders?.has(name, options) : undefined;
  const [taken, ...files] = await Promise.all([isFolder, ...above.map((path) => store.stat(path, options))]);
  if (taken) throw new TransferError("conflict", `Cannot ${doing}: there is a folder of that name`);
  const file = files.find((found) => found !== undefined);
  if (file) throw new TransferError("conflict", `Cannot ${doing}: "${file.path}" is a file`);
}
