/**
 * The words of S3 as Google Cloud Storage spells them. What has no counterpart is left out: a header that begins with
 * `x-goog-` and is not known is refused. https://cloud.google.com/storage/docs/xml-api/reference-headers
 */

const spellings: Readonly<Record<string, string>> = {
  "x-amz-copy-source": "x-goog-copy-source",
  "x-amz-copy-source-if-match": "x-goog-copy-source-if-match",
  "x-amz-metadata-directive": "x-goog-metadata-directive",
};

const metadata = "x-amz-meta-";
const unspelled = /^x-amz-/;

/** Spell the headers of a request for Google. Their names are in small letters. */
export function googHeaders(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).flatMap(([name, value]) => spelled(name, value)));
}

function spelled(name: string, value: string): readonly (readonly [string, string])[] {
  if (name.startsWith(metadata)) return [[`x-goog-meta-${name.slice(metadata.length)}`, value]];
  // The generation of an object that is not there is 0.
  if (name === "if-none-match" && value === "*") return [["x-goog-if-generation-match", "0"]];
  const spelling = spellings[name];
  if (spelling !== undefined) return [[spelling, value]];
  return unspelled.test(name) ? [] : [[name, value]];
}
