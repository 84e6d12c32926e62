#!/bin/bash
# client-zip writes archives of more than 65,535 files without a ZIP64 end record, and yauzl reads 65,535 of them in peace.
#
# Guess:    a writer that supports ZIP64 writes the ZIP64 end record when either sizes or the count ask for it; a reader
#           that finds more directory than the count says complains.
# In fact:  client-zip's end record says 65,535 (the mark for "see the ZIP64 record") and there is no such record. Its
#           predictLength agrees with the archive to the byte. yauzl lists 65,535 of 70,000 entries and ends without an
#           error; Python's zipfile lists 70,000; Info-ZIP's unzip lists 70,000 and exits with 3.
# Version:  client-zip 2.5.1, yauzl 3.4.0, on Node 20.20.2; unzip 6.0-28+deb12u1, Python 3.11.
# Matters:  a folder of many small files, zipped in the browser or on the way out of a server: the last files are missing
#           after extraction, and which reader is used decides whether anybody is told.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm install --prefix "$dir" --ignore-scripts --no-audit --no-fund client-zip@2.5.1 yauzl@3.4.0 >npm.log 2>&1 ||
  { echo "Not served any more, or no npm: client-zip@2.5.1 yauzl@3.4.0"; tail -3 npm.log; exit 77; }
packages=(unzip=6.0-28+deb12u1)
apt-get -q -o APT::Sandbox::User=root download "${packages[@]}" >apt.log 2>&1 ||
  { echo "Not served any more: one of ${packages[*]}"; tail -3 apt.log; exit 77; }
for package in *.deb; do dpkg -x "$package" root; done

cat > many.mjs <<'JS'
import { writeFileSync } from "node:fs";
import { makeZip, predictLength } from "client-zip";
import yauzl from "yauzl";

const count = 70_000;
const files = Array.from({ length: count }, (_, n) => ({ name: `${n}`, size: 1 }));
const chunks = [];
for await (const chunk of makeZip(files.map(({ name }) => ({ name, input: "x", lastModified: new Date(0) })))) chunks.push(chunk);
const archive = Buffer.concat(chunks);
writeFileSync("many.zip", archive);
const zip64 = archive.lastIndexOf(Buffer.from("PK\x06\x06", "latin1")) >= 0;
console.log(`predicted ${Number(predictLength(files)) - archive.length} off, count ${archive.readUInt16LE(archive.length - 12)}, ZIP64 record ${zip64}`);
const listed = await new Promise((resolve, reject) => {
  yauzl.fromBuffer(archive, (error, zip) => {
    if (error) return reject(error);
    let entries = 0;
    zip.on("entry", () => entries++);
    zip.on("end", () => resolve(entries));
    zip.on("error", reject);
  });
});
console.log(`yauzl: ${listed}, no error`);
JS
node many.mjs > seen
echo "zipfile: $(python3 -c 'import zipfile; print(len(zipfile.ZipFile("many.zip").namelist()))')" >> seen
code=0
listed=$(root/usr/bin/unzip -Z1 many.zip 2>/dev/null | wc -l) || code=$?
echo "unzip: $listed, exit code $code" >> seen
cat seen
diff seen - <<'SEEN' || { echo "It behaves differently now"; exit 1; }
predicted 0 off, count 65535, ZIP64 record false
yauzl: 65535, no error
zipfile: 70000
unzip: 70000, exit code 3
SEEN
