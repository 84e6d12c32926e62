#!/bin/sh
# Do the same to a mounted folder and to a plain one, then mount again: both hold the same.
set -eu

edits() {
  cp in.bin "$1/longer.bin"
  rsync --inplace shorter.bin "$1/longer.bin"
  cp in.bin "$1/patched.bin"
  printf HEAD | dd of="$1/patched.bin" bs=1 conv=notrunc status=none
  cp in.bin "$1/appended.bin"
  cat shorter.bin >> "$1/appended.bin"
  cp in.bin "$1/cut.bin"
  truncate -s 100 "$1/cut.bin"
  (cd "$1" && zip -q -X zipped.zip ../in.bin)
  cp shorter.bin "$1/old name"
  mv "$1/old name" "$1/새 이름"
  python3 - "$1/rewritten.bin" <<'PY'
import sys

with open(sys.argv[1], "wb") as file:
    file.write(bytes(64))
    for n in range(10):
        file.write(bytes([n]) * 1048576)
    file.seek(0)
    file.write(b"a header that is known at the end")
PY
}

mkdir mounted plain
trap 'fusermount3 -uq mounted || true' EXIT
sshfs -F "$PWD/ssh_config" 127.0.0.1:/sshfs mounted
head -c 1000000 /dev/urandom > shorter.bin
edits mounted
edits plain
if ln -s longer.bin mounted/link 2>/dev/null; then exit 3; fi
# What was written is sent when the last descriptor is closed, and the close does not wait for it.
fusermount3 -u mounted
sshfs -F "$PWD/ssh_config" 127.0.0.1:/sshfs mounted
diff -r plain mounted
