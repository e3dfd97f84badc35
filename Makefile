# Anjian (安鉴): the only door. `make` builds program and course, `make check` tests them.
VERSION := 0.1.0
MODE ?= release
OBJ  := build/$(MODE)
PKGS := libcmark libgit2 libarchive lua5.4 glib-2.0 yaml-0.1 libsodium jansson libseccomp zlib libdeflate libzstd sqlite3 libturbojpeg libpng
# What a Debian 12 needs: to build, and to test.
DEPS := gcc libc6-dev pkg-config libcmark-dev libgit2-dev libarchive-dev liblua5.4-dev libglib2.0-dev \
	libyaml-dev libsodium-dev libjansson-dev libmicrohttpd-dev libseccomp-dev zlib1g-dev libdeflate-dev libzstd-dev libsqlite3-dev \
	libturbojpeg0-dev libpng-dev nettle-dev liblzma-dev libbz2-dev
TEST_DEPS := perl git strace minisign default-jre-headless epubcheck zim-tools libarchive-tools chromium fonts-wqy-zenhei unzip zstd binutils libxml2-utils manpages-zh pandoc $(if $(shell command -v node),,nodejs) \
	$(if $(shell command -v npm),,npm)
LINT_DEPS := clang-format clang-tidy cppcheck shellcheck
FUZZ_DEPS := clang libclang-rt-14-dev
BENCH_DEPS := hugo zip libreoffice-help-zh-cn manpages-zh

CFLAGS_release := -O2 -g
CFLAGS_asan := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
CFLAGS_coverage := -O0 -g --coverage
CFLAGS_fuzz := -O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all
WARN := -Wall -Wextra -Wshadow -Wvla -Wmissing-prototypes -Werror
# pkg-config is asked once, and only after `deps` has seen to it.
PKG_CFLAGS = $(eval PKG_CFLAGS := $$(shell pkg-config --cflags $$(PKGS)))$(PKG_CFLAGS)
PKG_LIBS   = $(eval PKG_LIBS := $$(shell pkg-config --libs $$(PKGS)))$(PKG_LIBS)
CPPFLAGS += -Igenerator -D_GNU_SOURCE -DAJ_VERSION='"$(VERSION)"' -ffile-prefix-map=$(CURDIR)=. $(PKG_CFLAGS)
CFLAGS   += -std=gnu11 -MMD -MP $(WARN) $(CFLAGS_$(MODE))
LDLIBS   += $(PKG_LIBS) -lm
# A start costs more than the work of a small command when a few libraries drag in 50 others: the
# program holds what it uses of each itself. libgit2 is asked for nothing but what lies on the disk:
# its ways to a network, and what those drag in, stay out.
NET := git_smart_subtransport_http git_smart_subtransport_ssh git_transport_ssh_with_paths \
	git_mbedtls_stream_new git_mbedtls_stream_wrap git_mbedtls__set_cert_location
NET_BEGIN := git_transport_ssh_global_init git_mbedtls_stream_global_init
OWN := -lgit2 -larchive -lsqlite3 -llua5.4 -lyaml -lsodium -ljansson -lseccomp -ldeflate -lcmark -lturbojpeg -lpng16 -lglib-2.0
OWN_LIBS := $(NET:%=-Wl,--defsym=%=abort) $(NET_BEGIN:%=-Wl,--defsym=%=git_openssl_stream_global_init) \
	-Wl,--gc-sections,--exclude-libs,ALL -Wl,-Bstatic $(OWN) \
	-lmbedcrypto -lhttp_parser -lpcre2-8 -lnettle -llzma -lbz2 -lz -lzstd -Wl,-Bdynamic
PROGRAM_LIBS = $(if $(filter release,$(MODE)),$(OWN_LIBS) $(filter-out $(OWN),$(LDLIBS)),$(LDLIBS))

SRC  := $(sort $(wildcard generator/*/*.c))
ROOM := $(patsubst generator/%.c,$(OBJ)/%.o,$(filter-out generator/cli/main.c,$(SRC)))
UNIT := $(patsubst tests/unit/%.c,$(OBJ)/unit/%,$(sort $(wildcard tests/unit/test_*.c)))
FUZZ := $(patsubst tests/fuzz/%.c,$(OBJ)/fuzz/%,$(sort $(wildcard tests/fuzz/fuzz_*.c)))
FUZZ_MAIN := $(if $(filter fuzz,$(MODE)),-fsanitize=fuzzer,tests/fuzz/replay.c)
TESTS = $(UNIT) $(FUZZ) $(sort $(wildcard tests/lint/*.sh tests/cli/*.sh tests/browser/*.mjs))
TESTS := $(filter-out tests/lint/lib.sh tests/cli/lib.sh tests/cli/pages.sh tests/browser/lib.mjs tests/browser/kiosk-lib.mjs,$(TESTS))
SUDO := $(if $(filter 0,$(shell id -u)),,sudo)

all: bin site ## program, course and bundle; says where to double-click
	@echo
	@echo "  双击打开课程 (double-click): $(CURDIR)/dist/site/index.html"
	@echo "  离线包 (bundle):             $$(ls -1 $(CURDIR)/dist/*.zip | tail -n 1)"
bin: $(OBJ)/anjian ## the program alone
site: bin ## content/ to dist/site and dist/*.zip
	$(OBJ)/anjian build content -o dist/site
	@$(OBJ)/anjian -q bundle content --format zip >/dev/null
docs: bin ## the manual to dist/docs
	$(OBJ)/anjian build docs -o dist/docs
serve: bin ## live preview of the course on 127.0.0.1:8080
	$(OBJ)/anjian serve content
deps: build/deps ## install what is missing to build

# $(call install,PACKAGES): only what is missing, so an offline machine that has it all is fine.
define install
	@missing=; for p in $(1); do \
	  dpkg-query -W -f='$${Status}' $$p 2>/dev/null | grep -q 'ok installed' || missing="$$missing $$p"; done; \
	if [ -n "$$missing" ]; then echo "installing:$$missing"; \
	  $(SUDO) apt-get update -q && \
	  $(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $$missing; fi
endef
build/deps: Makefile
	$(call install,$(DEPS))
	@mkdir -p build && touch $@
build/deps-test: Makefile tests/browser/package-lock.json
	$(call install,$(TEST_DEPS))
	cd tests/browser && npm ci --engine-strict --no-audit --no-fund --loglevel=error
	@mkdir -p build && touch $@

$(OBJ)/anjian: $(OBJ)/cli/main.o $(ROOM)
	@echo "  ld $@"; $(CC) $(CFLAGS_$(MODE)) -o $@ $^ $(PROGRAM_LIBS)
$(OBJ)/unit/%: tests/unit/%.c $(ROOM) $(OBJ)/flags
	@mkdir -p $(@D)
	@echo "  cc $<"; $(CC) $(CPPFLAGS) $(CFLAGS) -o $@ $< $(ROOM) $(LDLIBS) -lgio-2.0 -lgobject-2.0
$(OBJ)/fuzz/%: tests/fuzz/%.c tests/fuzz/replay.c $(ROOM) $(OBJ)/flags
	@mkdir -p $(@D)
	@echo "  cc $<"; $(CC) $(CPPFLAGS) $(filter-out -MMD -MP,$(CFLAGS)) -o $@ $< $(FUZZ_MAIN) $(ROOM) $(LDLIBS)
$(OBJ)/filter/luapart.o: $(wildcard generator/filter/*.lua) # it holds their bytes
$(OBJ)/bundle/scorm.o: generator/bundle/scorm.js # so does this one
$(OBJ)/bundle/epub.o: generator/bundle/epub.css # and this one
$(OBJ)/bundle/onefile.o: generator/bundle/onefile.js generator/bundle/onefile.css
$(OBJ)/bundle/around.o: generator/bundle/around.css generator/bundle/around.js
$(OBJ)/bundle/zim.o: generator/bundle/zim.png
$(OBJ)/%.o: generator/%.c $(OBJ)/flags
	@mkdir -p $(@D)
	@echo "  cc $<"; $(CC) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<
$(OBJ)/flags: build/deps FORCE # changed flags rebuild everything, equal flags nothing
	@mkdir -p $(@D); printf '%s\n' '$(CC) $(subst ','\'',$(CPPFLAGS) $(CFLAGS))' | cmp -s - $@ || \
	  printf '%s\n' '$(CC) $(subst ','\'',$(CPPFLAGS) $(CFLAGS))' > $@
-include $(shell find $(OBJ) -name '*.d' 2>/dev/null)

units: $(UNIT) $(FUZZ)
check: build/deps-test bin units site docs ## all tests; ends in Files=…, Tests=… and Result
	@ANJIAN=$(CURDIR)/$(OBJ)/anjian OBJ=$(OBJ) REQUIRE_BROWSER=1 G_DEBUG=fatal-warnings \
	  prove --timer --exec '' $(PROVE) $(TESTS)
asan: ## all tests with AddressSanitizer and UBSan
	$(MAKE) MODE=$@ check
fuzz: ## random bytes for each parser of untrusted ones, TIME=60 seconds each (clang)
	$(call install,$(FUZZ_DEPS))
	$(MAKE) MODE=$@ CC=clang fuzzers
fuzzers: $(FUZZ)
	@for f in $(FUZZ); do name=$${f##*/fuzz_}; mkdir -p $$f.corpus; echo "  fuzz $$name"; \
	  $$f -max_total_time=$(TIME) -timeout=10 -max_len=4096 -verbosity=0 -print_final_stats=1 \
	    -artifact_prefix=$(OBJ)/fuzz/$$name- $$f.corpus tests/fuzz/seeds/$$name || exit; done
TIME ?= 60
coverage: ## line coverage of the unit and command tests
	$(MAKE) MODE=$@ check
	cd build/coverage && gcov -n $$(find . -name '*.gcda') 2>/dev/null | grep -A1 "File '.*generator" | grep -v '^--'
lint: ## formatter and analysers: clang-format, cppcheck, shellcheck
	$(call install,$(LINT_DEPS))
	clang-format --dry-run -Werror $$(git ls-files 'generator/*.[ch]' 'tests/*.[ch]')
	cppcheck -j2 --quiet --error-exitcode=1 --inline-suppr --library=gtk,posix \
	  --suppressions-list=tests/lint/cppcheck.txt -Igenerator generator
	shellcheck $$(git ls-files '*.sh' .ci/run)
bench: bin ## figures against Hugo and git on corpora made here; then relevance
	$(call install,$(BENCH_DEPS))
	@over=0; for b in run versions; do tests/bench/$$b.sh $(OBJ)/anjian || over=1; done; tests/bench/filters.sh $(OBJ)/anjian || over=1; \
	  $(MAKE) relevance || over=1; exit $$over
relevance: bin build/deps-test ## does search find what is wanted, beside MiniSearch and Pagefind
	$(call install,$(BENCH_DEPS))
	npm install --prefix build/bench --no-audit --no-fund --loglevel=error pagefind@1.6.0
	PAGEFIND=build/bench/node_modules/.bin/pagefind node tests/browser/relevance/run.mjs $(OBJ)/anjian \
	  --seed $(SEED) --seed $$(($(SEED) + 1)) --rivals
SEED ?= 1
year: bin build/deps-test ## the ledger on a year of 500 workers: every fault, every total, how long it takes
	ANJIAN=$(CURDIR)/$(OBJ)/anjian FULL=1 prove -v --exec '' tests/cli/records.sh
shots: build/deps-test site ## pictures of every kind of page to build/shots
	node tests/tools/shots.mjs
golden: bin units ## rewrite expected files; review the diff
	GOLDEN=1 $(MAKE) check
repro: bin ## build twice under other conditions and compare
	tests/cli/repro.sh
install: bin ## to DESTDIR/PREFIX
	install -D $(OBJ)/anjian $(DESTDIR)$(PREFIX)/bin/anjian
	mkdir -p $(DESTDIR)$(PREFIX)/share/anjian $(DESTDIR)$(PREFIX)/share/man/man1
	cp -r themes lua-filters $(DESTDIR)$(PREFIX)/share/anjian/
	$(OBJ)/anjian --man > $(DESTDIR)$(PREFIX)/share/man/man1/anjian.1
PREFIX ?= /usr/local
dist: site ## source tarball beside site and bundle
	git archive --format=tar.gz --prefix=anjian-$(VERSION)/ -o dist/anjian-$(VERSION).tar.gz HEAD
clean: ## remove what was built
	rm -rf build dist/site dist/docs dist/.*.cache dist/.*.lock dist/*.zip dist/*.tar.gz
help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /\1|/p' $(MAKEFILE_LIST) | awk -F'|' '{printf "  make %-9s %s\n", $$1, $$2}'
FORCE:
.PHONY: all bin site docs serve deps units check asan fuzz fuzzers coverage lint bench relevance year shots golden repro install dist clean help FORCE
.SECONDARY:
