#!/bin/bash
# Of two files whose names differ only in Unicode's spelling, bsdtar gives back one, out of its own archive too.
#
# Guess:    on Linux a name is bytes. "가.txt" composed (NFC) and decomposed (NFD, as a Mac spells it) are two files; an archive
#           of both, packed and unpacked by the same program on the same disk, is both again.
# In fact:  `bsdtar -cf` keeps both names apart in the archive, but reading names that are marked as UTF-8 (pax headers, and
#           bit 11 of a ZIP entry) it composes them: the second file is written over the first. Exit code 0, no message, and
#           `bsdtar -tf` shows the same name twice. GNU tar unpacks both from the very same archive. From an archive by GNU tar,
#           whose names are plain bytes, bsdtar itself unpacks both.
# Version:  libarchive-tools 3.6.2-1+deb12u5, GNU tar of Debian 12, Python 3.11 (zipfile writes bit 11).
# Matters:  folders that a Mac and others write to have both spellings; what is restored from a backup is silently less.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
packages=(libarchive-tools=3.6.2-1+deb12u5 libarchive13=3.6.2-1+deb12u5 libxml2=2.9.14+dfsg-1.3~deb12u6 libicu72=72.1-3+deb12u1)
apt-get -q -o APT::Sandbox::User=root download "${packages[@]}" >apt.log 2>&1 ||
  { echo "Not served any more: one of ${packages[*]}"; tail -3 apt.log; exit 77; }
for package in *.deb; do dpkg -x "$package" root; done
export LC_ALL=C.UTF-8
bsdtar() { LD_LIBRARY_PATH="$dir/root/usr/lib/x86_64-linux-gnu" "$dir/root/usr/bin/bsdtar" "$@"; }

mkdir in
composed=$'\uac00.txt'
decomposed=$'\u1100\u1161.txt'
echo composed > "in/$composed"
echo decomposed > "in/$decomposed"
(cd in && bsdtar -cf ../own.tar -- * && tar -cf ../gnu.tar -- * && python3 -m zipfile -c ../marked.zip *)

# unpack WHAT COMMAND...: how many files come of it
unpack() {
  local what=$1; shift
  mkdir "$what"
  (cd "$what" && { code=0; "$@" || code=$?; } && echo "$what: exit $code, $(find . -type f | wc -l) of 2 files: $(cat -- * | sort | tr '\n' ' ')")
}
{
  unpack "bsdtar, own archive" bsdtar -xf ../own.tar
  unpack "GNU tar, the same archive" tar -xf ../own.tar
  unpack "bsdtar, archive of GNU tar" bsdtar -xf ../gnu.tar
  unpack "bsdtar, ZIP with bit 11" bsdtar -xf ../marked.zip
  unpack "zipfile, the same ZIP" python3 -m zipfile -e ../marked.zip .
  echo "bsdtar -tf shows $(bsdtar -tf own.tar | sort -u | wc -l) name, $(bsdtar -tf own.tar | wc -l) times"
} > seen
cat seen
diff seen - <<'SEEN' || { echo "It behaves differently now"; exit 1; }
bsdtar, own archive: exit 0, 1 of 2 files: composed 
GNU tar, the same archive: exit 0, 2 of 2 files: composed decomposed 
bsdtar, archive of GNU tar: exit 0, 2 of 2 files: composed decomposed 
bsdtar, ZIP with bit 11: exit 0, 1 of 2 files: composed 
zipfile, the same ZIP: exit 0, 2 of 2 files: composed decomposed 
bsdtar -tf shows 1 name, 2 times
SEEN
