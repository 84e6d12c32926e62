/** What Google Cloud Storage and S3 call the same things: for a front that has an S3 server behind it. */

import type { IncomingHttpHeaders } from "node:http";

const toS3: Readonly<Record<string, string>> = {
  "x-goog-copy-source": "x-amz-copy-source",
  "x-goog-copy-source-if-match": "x-amz-copy-source-if-match",
  "x-goog-metadata-directive": "x-amz-metadata-directive",
  "x-goog-if-generation-match": "if-none-match",
};
const hopByHop = /^(?:host|connection|authorization|accept-encoding|user-agent|x-goog-date|x-goog-content-sha256)$/;

/** The headers of a request, for S3. */
export function requestForS3(headers: IncomingHttpHeaders): Record<string, string> {
  const pairs = Object.entries(headers).flatMap(([name, given]) => {
    const value = String(given);
    if (hopByHop.test(name)) return [];
    if (name.startsWith("x-goog-meta-")) return [[name.replace("x-goog-", "x-amz-"), value]];
    if (name === "x-goog-if-generation-match") return value === "0" ? [["if-none-match", "*"]] : [];
    if (name.endsWith("if-match")) return [[toS3[name] ?? name, etagForS3(value)]];
    return [[toS3[name] ?? name, value]];
  });
  return Object.fromEntries(pairs);
}

/** The headers of an answer, as Google has them. */
export function answerOfGoogle(headers: IncomingHttpHeaders): Record<string, string> {
  const pairs = Object.entries(headers).flatMap(([name, given]) => {
    const value = String(given);
    if (name === "etag") return [[name, opaque(value)]];
    if (name.startsWith("x-amz-meta-")) return [[name.replace("x-amz-", "x-goog-"), value]];
    return /^(?:x-amz-|connection$|keep-alive$)/.test(name) ? [] : [[name, value]];
  });
  return Object.fromEntries(pairs);
}

/** The etag of a file of parts says nothing of its bytes. */
const ofParts = /[0-9a-f]{32}-\d+/g;

/** A text with such etags, header or XML. */
export function opaque(text: string): string {
  return text.replace(ofParts, (etag) => `-${Buffer.from(etag).toString("base64url")}`);
}

function etagForS3(text: string): string {
  return text.replace(/"-([\w-]+)"/, (_, encoded) => `"${Buffer.from(encoded, "base64url")}"`);
}

/** CORS rules, written for S3. */
export function corsForS3(xml: string): string {
  const all = (name: string) =>
    [...xml.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, "g"))].map(([, text]) => text);
  const tags = [
    ...all("Origin").map((text) => `<AllowedOrigin>${text}</AllowedOrigin>`),
    ...all("Method").map((text) => `<AllowedMethod>${text}</AllowedMethod>`),
    // To Google these are both what a page may send and what it may read.
    ...all("ResponseHeader").flatMap((text) => [
      `<AllowedHeader>${text}</AllowedHeader>`,
      `<ExposeHeader>${text}</ExposeHeader>`,
    ]),
    ...all("MaxAgeSec").map((text) => `<MaxAgeSeconds>${text}</MaxAgeSeconds>`),
  ];
  return `<CORSConfiguration><CORSRule>${tags.join("")}</CORSRule></CORSConfiguration>`;
}
