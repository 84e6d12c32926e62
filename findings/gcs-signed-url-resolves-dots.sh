#!/bin/bash
# getSignedUrl of @google-cloud/storage gives, for names with "." or ".." in them, an address that it did not sign.
#
# Guess:    object names are opaque: "folder/../other" is signed and addressed as it is ("/" aside, percent-encoded).
# In fact:  the signature is over /bucket/folder/../other, while the address given is built by a URL parser, which resolves
#           the dots: /bucket/other. It names another object, and the signature is not valid for it.
# Version:  @google-cloud/storage 8.4.0, on Node 20.20.2; offline, with a key made here.
# Matters:  such keys come from other programs (tar listings, path joins) and are legal in the store: they are listed, but
#           every link to them answers 403.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm install --prefix "$dir" --ignore-scripts --no-audit --no-fund @google-cloud/storage@8.4.0 >npm.log 2>&1 ||
  { echo "Not served any more, or no npm: @google-cloud/storage@8.4.0"; tail -3 npm.log; exit 77; }

cat > sign.mjs <<'JS'
import { createHash, generateKeyPairSync, verify } from "node:crypto";
import { Storage } from "@google-cloud/storage";

const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const credentials = { client_email: "a@b", private_key: privateKey.export({ type: "pkcs8", format: "pem" }) };
const bucket = new Storage({ projectId: "p", credentials }).bucket("bucket");

/** Whether the signature of the address is one over `path`. */
function signed(url, path) {
  const query = new URLSearchParams(url.search);
  const signature = Buffer.from(query.get("X-Goog-Signature"), "hex");
  const rest = url.search.slice(1).split("&").filter((pair) => !pair.startsWith("X-Goog-Signature=")).sort().join("&");
  const canonical = ["GET", path, rest, `host:${url.host}\n`, "host", "UNSIGNED-PAYLOAD"].join("\n");
  const scope = query.get("X-Goog-Credential").split("/").slice(1).join("/");
  const hash = createHash("sha256").update(canonical).digest("hex");
  const text = ["GOOG4-RSA-SHA256", query.get("X-Goog-Date"), scope, hash].join("\n");
  return verify("RSA-SHA256", Buffer.from(text), publicKey, signature);
}

for (const name of ["plain/file", "./here", "folder/../other"]) {
  const [text] = await bucket.file(name).getSignedUrl({ version: "v4", action: "read", expires: Date.now() + 3_600_000 });
  const url = new URL(text);
  const given = text.slice(0, text.indexOf("?")).replace(/^https:\/\/[^/]*/, "");
  console.log(`${name}: address ${given} (signed: ${signed(url, given)}), /bucket/${name} signed: ${signed(url, `/bucket/${name}`)}`);
}
JS
seen=$(node sign.mjs 2>/dev/null)
echo "$seen"
diff <(echo "$seen") - <<'SEEN' || { echo "It behaves differently now"; exit 1; }
plain/file: address /bucket/plain/file (signed: true), /bucket/plain/file signed: true
./here: address /bucket/here (signed: false), /bucket/./here signed: true
folder/../other: address /bucket/other (signed: false), /bucket/folder/../other signed: true
SEEN
