/** Every benchmark there is. */

import { agentLine } from "./benches/agent-line.ts";
import { agentLoopback } from "./benches/agent-loopback.ts";
import { agentMemory } from "./benches/agent-memory.ts";
import { archive } from "./benches/archive.ts";
import { azure } from "./benches/azure.ts";
import { chromiumLoopback } from "./benches/chromium-loopback.ts";
import { clientCpu } from "./benches/client-cpu.ts";
import { copy } from "./benches/copy.ts";
import { cut } from "./benches/cut.ts";
import { document, documentGigabit, documentStore } from "./benches/document.ts";
import { downloadLine } from "./benches/download-line.ts";
import { downloadPage } from "./benches/download-page.ts";
import { firstPaint } from "./benches/first-paint.ts";
import { gatewayDisk } from "./benches/gateway-disk.ts";
import { gatewayLine } from "./benches/gateway-line.ts";
import { gatewayLong } from "./benches/gateway-long.ts";
import { gatewayLoopback } from "./benches/gateway-loopback.ts";
import { gatewayMemory } from "./benches/gateway-memory.ts";
import { line } from "./benches/line.ts";
import { longLine } from "./benches/long-line.ts";
import { loopbackGet } from "./benches/loopback-get.ts";
import { loopbackPut } from "./benches/loopback-put.ts";
import { micro } from "./benches/micro.ts";
import { presign } from "./benches/presign.ts";
import { proxyFile } from "./benches/proxy-file.ts";
import { scale } from "./benches/scale.ts";
import { smallFiles, smallFiles20k } from "./benches/small-files.ts";
import { swift } from "./benches/swift.ts";
import type { Benchmark } from "./benchmark.ts";

export const benchmarks: readonly Benchmark[] = [
  loopbackPut,
  loopbackGet,
  clientCpu,
  line,
  document,
  documentStore,
  documentGigabit,
  chromiumLoopback,
  downloadPage,
  downloadLine,
  longLine,
  cut,
  copy,
  smallFiles,
  smallFiles20k,
  proxyFile,
  archive,
  presign,
  micro,
  swift,
  azure,
  firstPaint,
  gatewayLoopback,
  gatewayDisk,
  gatewayLine,
  gatewayLong,
  gatewayMemory,
  agentLoopback,
  agentLine,
  agentMemory,
  scale,
];
