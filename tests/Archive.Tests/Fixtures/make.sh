#!/bin/sh
# Makes the packed fixtures beside this file (needs tar, xz and bzip2). Run by hand when they must change.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
release=4.18.0-80.el8.x86_64
# One type, int: header of 24 bytes, 16 bytes of types, 5 bytes of strings; little-endian.
printf '\237\353\001\000\030\000\000\000\000\000\000\000\020\000\000\000\020\000\000\000\005\000\000\000' > "$work/$release.btf"
printf '\001\000\000\000\000\000\000\001\004\000\000\000\040\000\000\001\000int\000' >> "$work/$release.btf"
cp "$work/$release.btf" tiny.btf
tar -C "$work" --sort=name --mtime=@0 --owner=root:0 --group=root:0 --numeric-owner -cf "$work/tiny.tar" "$release.btf"
xz -9 < "$work/tiny.tar" > tiny.btf.tar.xz
xz -9 < tiny.btf > tiny.btf.xz
head -c 67108864 /dev/zero | xz -9 > bomb.xz
head -c 25165824 /dev/zero | bzip2 -9 > bomb.bz2
head -c 67108864 /dev/zero > "$work/$release.btf"
tar -C "$work" --mtime=@0 --owner=root:0 --group=root:0 --numeric-owner -cf - "$release.btf" | xz -9 > bomb.btf.tar.xz
