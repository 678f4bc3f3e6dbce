#!/usr/bin/env bash
# Builds the site, at the address that the host gives this build. Written by: waymark new ci cloudflare
set -euo pipefail
export WAYMARK="{{.Releases}}" WAYMARK_VERSION="{{.Version}}"
bash ci/install-waymark.sh .waymark/bin
.waymark/bin/waymark check
.waymark/bin/waymark build --strict --base-url "${CF_PAGES_URL:-{{.Address}}}/"
