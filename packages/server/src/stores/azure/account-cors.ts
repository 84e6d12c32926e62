/**
 * CORS rules are those of the whole account, five at most:
 * https://learn.microsoft.com/rest/api/storageservices/set-blob-service-properties
 *
 * @module
 */

import { TransferError } from "@naru/core";
import { type CorsVerdict, preflight } from "../s3/bucket-cors.ts";
import { blobUrl } from "./blob-name.ts";
import type { ContainerContext } from "./container-context.ts";
import { elementsIn, encodeXml, textIn } from "./service-xml.ts";
import { stageName } from "./stage-name.ts";

const methods = "PUT,GET,HEAD,OPTIONS";
const exposed = "ETag,Content-Range,Content-Length,Accept-Ranges,x-ms-error-code";
const mostRules = 5;

/** URLs, one on each public endpoint, that refuse any PUT, since they grant reading, and show CORS. */
export async function corsProbes({ access, container, prefix, publicEndpoints }: ContainerContext): Promise<string[]> {
  const name = stageName("naru-probe", prefix);
  return Promise.all(
    publicEndpoints.map(async (endpoint) => {
      const httpsOnly = endpoint.startsWith("https:");
      const { query } = await access.grant({ container, name, permissions: "r", httpsOnly });
      return `${blobUrl(endpoint, container, name)}?comp=block&blockid=bmFydQ%3D%3D&${query}`;
    }),
  );
}

/** Ask each public endpoint, as a browser would, whether a page of `origin` may write parts. */
export async function askCors(context: ContainerContext, origin: string): Promise<readonly CorsVerdict[]> {
  const probes = await corsProbes(context);
  const ask = async (url: string): Promise<CorsVerdict> => {
    return { endpoint: new URL(url).origin, verdict: await preflight(context, url, origin) };
  };
  return Promise.all(probes.map(ask));
}

/** Write a rule that admits pages of `origins` in the place of the one that Naru wrote last; all others stay. */
export async function writeCors({ service }: ContainerContext, origins: readonly string[]): Promise<void> {
  const settings = await service.settings();
  const [cors = ""] = elementsIn(settings, "Cors");
  const others = elementsIn(cors, "CorsRule").filter((rule) => !isOurs(rule));
  if (others.length >= mostRules) {
    const why = `the account has ${others.length} CORS rules already, and takes no more; remove one`;
    throw new TransferError("conflict", `Cannot write the account's CORS rules: ${why}`);
  }
  const rules = [...others, ruleFor(origins)].map((rule) => `<CorsRule>${rule}</CorsRule>`);
  const body = `<StorageServiceProperties><Cors>${rules.join("")}</Cors></StorageServiceProperties>`;
  // What is not named keeps its setting.
  await service.setSettings(`<?xml version="1.0" encoding="utf-8"?>${body}`);
}

function isOurs(rule: string): boolean {
  return textIn(rule, "ExposedHeaders") === exposed && textIn(rule, "AllowedMethods") === methods;
}

function ruleFor(origins: readonly string[]): string {
  const fields = {
    AllowedOrigins: origins.join(","),
    AllowedMethods: methods,
    AllowedHeaders: "*",
    ExposedHeaders: exposed,
    MaxAgeInSeconds: "3600",
  };
  return Object.entries(fields)
    .map(([name, value]) => `<${name}>${encodeXml(value)}</${name}>`)
    .join("");
}
