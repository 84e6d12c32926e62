#!/bin/bash
# In the C locale `jar xf` writes files over one another whose names differ only in letters beyond ASCII, and says nothing.
#
# Guess:    names in an archive are UTF-8 and marked so (bit 11); where the locale cannot say them, the program says so, or
#           writes the bytes as they are, as unzip, 7z and Python do.
# In fact:  each such letter becomes "?" in the name on the disk. "가.txt" and "나.txt" are both "?.txt", the second written over
#           the first; two folders become one. Exit code 0, no message. `jar tf` lists both.
# Version:  openjdk-17-jdk-headless 17.0.21.1+2-1~deb12u1; the archive is made by Python 3.11's zipfile.
# Matters:  cron, systemd and containers run in the C locale; what is unpacked there is silently less.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
version=17.0.21.1+2-1~deb12u1
packages=("openjdk-17-jdk-headless=$version" "openjdk-17-jre-headless=$version")
apt-get -q -o APT::Sandbox::User=root download "${packages[@]}" >apt.log 2>&1 ||
  { echo "Not served any more: one of ${packages[*]}"; tail -3 apt.log; exit 77; }
for package in *.deb; do dpkg -x "$package" root; done
java=$dir/root/usr/lib/jvm/java-17-openjdk-amd64
# What the package keeps in /etc it reads by links.
find "$java" -type l -lname '/etc/*' | while read -r link; do
  target=$(readlink "$link"); ln -sfn "$dir/root$target" "$link"
done

python3 - <<'PY'
import zipfile

with zipfile.ZipFile("names.zip", "w") as archive:
    archive.writestr("\uac00.txt", "one\n")
    archive.writestr("\ub098.txt", "two\n")
PY

unpack() {
  local what=$1; shift
  mkdir "$what"
  (cd "$what" && { code=0; "$@" || code=$?; } && echo "$what: exit $code, $(find . -type f | wc -l) of 2 files: $(cat -- * | tr '\n' ' ')")
}
{
  unpack "jar, C" env LC_ALL=C "$java/bin/jar" xf ../names.zip
  unpack "jar, C.UTF-8" env LC_ALL=C.UTF-8 "$java/bin/jar" xf ../names.zip
  unpack "zipfile, C" env LC_ALL=C python3 -m zipfile -e ../names.zip .
  echo "jar tf, C: $(LC_ALL=C "$java/bin/jar" tf names.zip | wc -l) names"
} > seen
cat seen
diff seen - <<'SEEN' || { echo "It behaves differently now"; exit 1; }
jar, C: exit 0, 1 of 2 files: two 
jar, C.UTF-8: exit 0, 2 of 2 files: one two 
zipfile, C: exit 0, 2 of 2 files: one two 
jar tf, C: 2 names
SEEN
