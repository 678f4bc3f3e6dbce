#!/usr/bin/env bash
# Installs waymark for a job: the release that belongs to the action's own repository and version, checked by its checksum. It prints
# "built=no" where there is none, so that the job builds it from the action's checkout.
#
#   REPOSITORY  owner/name of the action    REF  the tag or branch that the job named    TO  the folder to install into
#   SERVER      the address of the code host, without a slash at its end
set -euo pipefail

number=$(printf '%s' "$REF" | sed -n 's/^v\([0-9]\{1,\}\(\.[0-9]\{1,\}\)\{0,2\}\)$/\1/p')
if [ -z "$number" ]; then
  echo "$REF is no version: waymark is built from the action's own source" >&2
  echo "built=no"
  exit 0
fi

get() { curl --fail --silent --show-error --location --retry 3 --max-time 300 "$@"; }

# v1 and v1.2 stand for the newest release that begins with them.
case "$number" in
  *.*.*) version=$number ;;
  *) version=$(get "${API:-$SERVER/api/v3}/repos/$REPOSITORY/releases?per_page=100" 2>/dev/null |
      grep -o '"tag_name": *"v[0-9.]*"' | sed 's/.*"v\([0-9.]*\)"/\1/' | grep "^${number//./\\.}\." | sort -t. -k1,1n -k2,2n -k3,3n | tail -1 || true) ;;
esac
if [ -z "$version" ]; then
  echo "there is no release $REF: waymark is built from the action's own source" >&2
  echo "built=no"
  exit 0
fi

case "$(uname -s)" in Linux) os=linux end=tar.gz ;; Darwin) os=darwin end=tar.gz ;; *) os=windows end=zip ;; esac
case "$(uname -m)" in x86_64 | amd64) arch=amd64 ;; arm64 | aarch64) arch=arm64 ;; *) echo "no release is made for $(uname -m)" >&2; echo "built=no"; exit 0 ;; esac
name=waymark_${version}_${os}_${arch}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
at=$SERVER/$REPOSITORY/releases/download/v$version
if ! get -o "$work/sums" "$at/SHA256SUMS"; then
  echo "the release v$version has no files: waymark is built from the action's own source" >&2
  echo "built=no"
  exit 0
fi
get -o "$work/$name.$end" "$at/$name.$end"
want=$(sed -n "s/^\([0-9a-f]\{64\}\)  $name\.$end\$/\1/p" "$work/sums")
have=$( (sha256sum "$work/$name.$end" 2>/dev/null || shasum -a 256 "$work/$name.$end") | cut -d' ' -f1)
if [ -z "$want" ] || [ "$want" != "$have" ]; then
  echo "waymark $version is not what was released (its checksum is $have): nothing is installed" >&2
  exit 1
fi
mkdir -p "$TO"
if [ "$end" = zip ]; then unzip -q "$work/$name.zip" -d "$work"; else tar -xzf "$work/$name.tar.gz" -C "$work"; fi
for program in waymark waymark-storage; do
  [ "$os" = windows ] && program=$program.exe
  cp "$work/$name/$program" "$TO/$program"
done
echo "built=yes"
