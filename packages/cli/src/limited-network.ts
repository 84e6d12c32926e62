import { type Network, openNetwork, pacedNetwork } from "@naru/client/node";
import type { SpeedLimit } from "./speed-limit.ts";

/** Open the network of a command. */
export function networkOf(limit: SpeedLimit): Network {
  const network = openNetwork();
  return limit === undefined ? network : pacedNetwork(network, { bytesPerSecond: limit });
}
