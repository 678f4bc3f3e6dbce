# The two commands that do everything on a fresh machine: make site, make test.

GO ?= go
SITE_FLAGS ?=
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)
APT_PACKAGES = chromium fonts-liberation default-jre-headless libxml2-utils gcc libc6-dev nginx-light caddy openssh-server
STORAGE = cmd/waymark-storage
RELEASE = cmd/waymark-release
S3_SERVER = github.com/versity/versitygw/cmd/versitygw@v1.8.0
RACED = ./generator/serve ./generator/preview ./generator/internal/watch/... ./generator/internal/output ./generator/internal/memo
GOLANGCI = github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
GOFUMPT = mvdan.cc/gofumpt@v0.12.0
HUGO = github.com/gohugoio/hugo@v0.165.0
FUZZ_CHAIN ?= 5m
BENCH_POSTS ?= 1000 10000
BENCH_CONTENT ?=
SPEED_PAGE ?= content/guide/speed.md
GROWTH_POSTS ?= 100 1000 10000 100000
PREVIEW_POSTS ?= 1000 10000
SEARCH_POSTS ?= 1000 10000

.PHONY: site test tools lint golden fuzz torture bench bench-builds bench-growth bench-preview bench-search bench-tools install release help

help: ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/ -/'

site: ## build the demonstration site into public/
	$(GO) run ./cmd/waymark build $(SITE_FLAGS)

test: tools ## run every test, with a real browser and the real checkers, and what runs side by side under the race detector
	$(GO) vet ./...
	for os in windows darwin; do GOOS=$$os $(GO) build ./... && GOOS=$$os $(GO) vet ./... || exit 1; done
	$(GO) run ./cmd/waymark build -q --verify -d .cache/verified
	$(GO) run ./cmd/waymark check --now 2026-11-22
	WAYMARK_TOOLS=1 $(GO) test -timeout 19m ./...
	$(GO) test ./generator -run TestCosts -count=1 -v
	CGO_ENABLED=1 $(GO) test -race $(RACED)
	cd $(STORAGE) && $(GO) vet ./... && WAYMARK_TOOLS=1 $(GO) test -count=1 ./...
	cd $(RELEASE) && $(GO) vet ./... && $(GO) test -count=1 ./...

tools: ## install what the tests need: Chromium, a font of Arial's measure, Java, xmllint, a C compiler for the race detector, nginx, Caddy, an SSH server, an S3 server, npm packages
	@if ! { command -v chromium || command -v google-chrome; } >/dev/null || ! command -v java >/dev/null || ! command -v xmllint >/dev/null || ! command -v gcc >/dev/null || ! { command -v nginx || ls /usr/sbin/nginx; } >/dev/null 2>&1 || ! command -v caddy >/dev/null || ! ls /usr/sbin/sshd >/dev/null 2>&1 || ! ls /usr/share/fonts/truetype/liberation* >/dev/null 2>&1; then \
		$(SUDO) apt-get update -q && $(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $(APT_PACKAGES); fi
	@if [ ! -e generator/sitetest/node_modules/.package-lock.json ] || [ generator/sitetest/package-lock.json -nt generator/sitetest/node_modules/.package-lock.json ]; then \
		cd generator/sitetest && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error; fi
	@test -x .cache/bin/versitygw || GOBIN=$(CURDIR)/.cache/bin $(GO) install $(S3_SERVER)

lint: ## gofumpt, go vet and golangci-lint (staticcheck is among its linters)
	@test -z "$$($(GO) run $(GOFUMPT) -l .)" || { $(GO) run $(GOFUMPT) -l . ; echo "run: go run $(GOFUMPT) -w ."; exit 1; }
	$(GO) vet ./...
	$(GO) run $(GOLANGCI) run
	cd $(STORAGE) && $(GO) vet ./... && $(GO) run $(GOLANGCI) run
	cd $(RELEASE) && $(GO) vet ./... && $(GO) run $(GOLANGCI) run

golden: ## write what the program prints into the tests and the manual, to be read before it is committed
	$(GO) test ./cmd/waymark ./generator/internal/config ./generator/internal/markdown ./generator/internal/view -update

fuzz: ## run each fuzz test for a minute, and that of the whole chain for five
	$(GO) test ./generator/preview -run '^$$' -fuzz FuzzChain -fuzztime $(FUZZ_CHAIN) -fuzzminimizetime 10x
	$(GO) test ./generator/internal/dates -run '^$$' -fuzz FuzzParse -fuzztime 1m
	$(GO) test ./generator/internal/fields -run '^$$' -fuzz FuzzParsePlain -fuzztime 1m
	$(GO) test ./generator/internal/markdown ./generator/internal/search -run '^$$' -fuzz FuzzParse -fuzztime 1m
	$(GO) test ./generator/internal/card -run '^$$' -fuzz FuzzNewFonts -fuzztime 1m
	$(GO) test ./generator/internal/images -run '^$$' -fuzz FuzzSize -fuzztime 1m
	$(GO) test ./generator/internal/outline -run '^$$' -fuzz FuzzParse -fuzztime 1m
	$(GO) test ./generator/internal/impactmap -run '^$$' -fuzz FuzzParse -fuzztime 1m
	$(GO) test ./generator/internal/storymap -run '^$$' -fuzz FuzzParse -fuzztime 1m
	$(GO) test ./generator/internal/exchange -run '^$$' -fuzz FuzzImport -fuzztime 1m
	$(GO) test ./generator/internal/quiz -run '^$$' -fuzz FuzzParse -fuzztime 1m
	$(GO) test ./generator/internal/recall -run '^$$' -fuzz FuzzParse -fuzztime 1m
	$(GO) test ./generator/internal/sheet -run '^$$' -fuzz FuzzParse -fuzztime 1m
	$(GO) test ./generator/internal/bank -run '^$$' -fuzz FuzzImport -fuzztime 1m
	$(GO) test ./generator/internal/remote -run '^$$' -fuzz FuzzDecodeList -fuzztime 1m
	$(GO) test ./generator/internal/words -run '^$$' -fuzz FuzzWords -fuzztime 1m
	$(GO) test ./generator/internal/search -run '^$$' -fuzz FuzzWords -fuzztime 1m

torture: tools ## try in full, for an hour or two, what make test tries at small scale: hostile texts, killed builds, full disks, fuzzing
	$(GO) test ./generator/torture -full -v -timeout 3h
	$(GO) test ./generator -run TestWarmEqualsCold -warm 1000 -timeout 2h
	$(GO) test ./generator/internal/output -rapid.checks=5000 -timeout 1h
	$(MAKE) fuzz FUZZ_CHAIN=1m

bench: bench-tools ## measure builds and previews of generated sites, and Hugo's where it can be installed
	$(GO) test ./generator/internal/impactmap ./generator/internal/storymap ./generator/internal/markdown -run '^$$' -bench .
	$(GO) test ./generator ./generator/torture -run '^$$' -bench . -benchtime 2x -benchmem
	$(MAKE) bench-builds
	$(MAKE) bench-growth
	$(GO) run ./generator/sitebench -preview -waymark .cache/bin/waymark -hugo .cache/bin/hugo $(PREVIEW_POSTS)

	$(MAKE) bench-search

bench-builds: bench-tools ## measure builds alone, beside two of Hugo's; BENCH_CONTENT=folder measures a folder of Markdown as well, SPEED_PAGE= writes no page
	$(GO) build -o .cache/bin/sitebench ./generator/sitebench
	.cache/bin/sitebench -waymark .cache/bin/waymark -hugo .cache/bin/hugo $(if $(SPEED_PAGE),-page $(SPEED_PAGE)) $(if $(BENCH_CONTENT),-content $(BENCH_CONTENT)) $(BENCH_POSTS)

bench-growth: bench-tools ## measure how time and memory grow with a site; MILLION=1 builds one of a million posts too
	$(GO) build -o .cache/bin/sitebench ./generator/sitebench
	.cache/bin/sitebench -growth -runs 3 -waymark .cache/bin/waymark $(if $(SPEED_PAGE),-page $(SPEED_PAGE)) $(if $(MILLION),-million) $(GROWTH_POSTS)

bench-search: bench-tools ## measure the search alone, beside Pagefind
	cd generator/sitebench && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	$(GO) run ./generator/sitebench -waymark .cache/bin/waymark -search "$$(ls generator/sitebench/node_modules/@pagefind/*/bin/pagefind_extended)" $(SEARCH_POSTS)

bench-preview: bench-tools ## measure previews alone, from a save to a browser
	$(GO) run ./generator/sitebench -preview -waymark .cache/bin/waymark -hugo .cache/bin/hugo $(PREVIEW_POSTS)

bench-tools: tools
	@mkdir -p .cache/bin
	@test -x .cache/bin/hugo || GOBIN=$(CURDIR)/.cache/bin $(GO) install $(HUGO) || echo "Hugo cannot be installed here: measuring Waymark alone"
	$(GO) build -o .cache/bin/waymark ./cmd/waymark

install: ## put waymark among your Go programs, and waymark-storage with STORAGE_TOO=1
	$(GO) install ./cmd/waymark
	@test -z "$(STORAGE_TOO)" || { cd $(STORAGE) && $(GO) install .; }
	@bin="$$($(GO) env GOBIN)"; bin="$${bin:-$$($(GO) env GOPATH)/bin}"; echo "waymark is in $$bin"; \
		case ":$$PATH:" in *":$$bin:"*) ;; *) echo "your shell does not look there yet: export PATH=\"\$$PATH:$$bin\"";; esac

release: ## make the files of a release in dist/, twice, and compare them; VERSION=1.2.3
	@git diff --quiet HEAD || { echo "commit what has changed first: a release is made of a commit"; exit 1; }
	$(GO) build -C $(RELEASE) -o $(CURDIR)/.cache/bin/waymark-release .
	set -e; epoch=$$(git log -1 --format=%ct) commit=$$(git rev-parse HEAD) source=$$(git config --get remote.origin.url); \
		for out in dist .cache/dist; do .cache/bin/waymark-release -version "$(VERSION)" -epoch $$epoch -commit $$commit -source "$$source" -out $$out; done
	diff -r dist .cache/dist
