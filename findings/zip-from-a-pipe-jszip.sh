#!/bin/bash
# JSZip cannot open what Info-ZIP's zip writes when it reads a pipe, however small.
#
# Guess:    an archive of one file of 1,000 bytes is plain ZIP; every reader takes it.
# In fact:  `zip - -` cannot know how much will come and adds a ZIP64 end record and locator, while the plain end record
#           holds true values (no 0xffff), as the format allows. JSZip follows the locator only for values that are marked,
#           but counts the 76 bytes between directory and end as bytes before the archive, looks 76 bytes too far for the
#           directory and finds no entry in it. BusyBox takes the entry's ZIP64 size field for its true size.
# Version:  zip 3.0-13+deb12u1, jszip 3.10.2 on Node 20.20.2, busybox 1:1.35.0-4+deb12u1+b1; Python 3.11 reads it.
# Matters:  `tar c folder | zip - - > backup.zip` is how people pack without a temporary file; the page that shows what is
#           inside calls the archive corrupted.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm install --prefix "$dir" --ignore-scripts --no-audit --no-fund jszip@3.10.2 >npm.log 2>&1 ||
  { echo "Not served any more, or no npm: jszip@3.10.2"; tail -3 npm.log; exit 77; }
packages=(zip=3.0-13+deb12u1 busybox=1:1.35.0-4+deb12u1+b1)
apt-get -q -o APT::Sandbox::User=root download "${packages[@]}" >apt.log 2>&1 ||
  { echo "Not served any more: one of ${packages[*]}"; tail -3 apt.log; exit 77; }
for package in *.deb; do dpkg -x "$package" root; done

head -c 1000 /dev/zero | root/usr/bin/zip -q -0 - - > piped.zip
head -c 1000 /dev/zero > file
root/usr/bin/zip -q -0 plain.zip file
cat > open.mjs <<'JS'
import { readFile } from "node:fs/promises";
import JSZip from "jszip";

for (const name of ["plain.zip", "piped.zip"]) {
  const opened = await JSZip.loadAsync(await readFile(name)).then(
    ({ files }) => Object.keys(files).join(),
    ({ message }) => message,
  );
  console.log(`${name}, jszip: ${opened}`);
}
JS
node open.mjs > seen
for name in plain.zip piped.zip; do
  echo "$name, zipfile: $(python3 -c 'import sys, zipfile; print(zipfile.ZipFile(sys.argv[1]).infolist()[0].file_size)' "$name")" >> seen
  echo "$name, busybox: $(root/bin/busybox unzip -l "$name" | tail -1 | awk '{ print $1 }')" >> seen
done
cat seen
diff seen - <<'SEEN' || { echo "It behaves differently now"; exit 1; }
plain.zip, jszip: file
piped.zip, jszip: Corrupted zip or bug: expected 1 records in central dir, got 0
plain.zip, zipfile: 1000
plain.zip, busybox: 1000
piped.zip, zipfile: 1000
piped.zip, busybox: 4294967295
SEEN
