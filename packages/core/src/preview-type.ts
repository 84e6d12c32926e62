/**
 * Which files a browser may show by itself: media without scripts, by the end of the name. The server answers with these
 * types and no others, and a page asks for these files and no others.
 *
 * @module
 */

/** How a file is shown. */
export type PreviewKind = "image" | "video" | "audio" | "pdf";

export interface PreviewType {
  readonly kind: PreviewKind;
  /** Media type. */
  readonly type: string;
}

// No SVG and no HTML: both run scripts. No XML: it may be either.
const types: Readonly<Record<string, string>> = {
  apng: "image/apng",
  avif: "image/avif",
  bmp: "image/bmp",
  gif: "image/gif",
  ico: "image/x-icon",
  jfif: "image/jpeg",
  jpeg: "image/jpeg",
  jpg: "image/jpeg",
  png: "image/png",
  webp: "image/webp",
  m4v: "video/mp4",
  mkv: "video/x-matroska",
  mov: "video/quicktime",
  mp4: "video/mp4",
  ogv: "video/ogg",
  webm: "video/webm",
  aac: "audio/aac",
  flac: "audio/flac",
  m4a: "audio/mp4",
  mp3: "audio/mpeg",
  oga: "audio/ogg",
  ogg: "audio/ogg",
  opus: "audio/ogg",
  wav: "audio/wav",
  pdf: "application/pdf",
};

/** Look up how a file of this name is shown; `undefined` where a browser must not decide that. */
export function previewType(path: string): PreviewType | undefined {
  const end = /\.([a-z0-9]{2,4})$/iu.exec(path)?.[1]?.toLowerCase() ?? "";
  const type = Object.hasOwn(types, end) ? types[end] : undefined;
  if (type === undefined) return undefined;
  const family = type.slice(0, type.indexOf("/"));
  const kind = family === "image" || family === "video" || family === "audio" ? family : "pdf";
  return { kind, type };
}
