# Anjian (安鉴): the only door. `make` builds program and course, `make check` tests them.
MODE ?= release
OBJ  := build/$(MODE)
PKGS := libcmark libgit2 libarchive lua5.4 glib-2.0 gio-2.0 gio-unix-2.0 yaml-0.1 libsodium jansson libmicrohttpd libseccomp zlib
CFLAGS_release := -O2 -g
CFLAGS_asan := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
WARN := -Wall -Wextra -Wshadow -Wvla -Wmissing-prototypes -Werror
CPPFLAGS += -Igenerator -D_GNU_SOURCE -ffile-prefix-map=$(CURDIR)=. $(shell pkg-config --cflags $(PKGS))
CFLAGS   += -std=gnu11 -MMD -MP $(WARN) $(CFLAGS_$(MODE))
LDLIBS   += $(shell pkg-config --libs $(PKGS)) -lm
SRC  := $(sort $(wildcard generator/*/*.c))
ROOM := $(patsubst generator/%.c,$(OBJ)/%.o,$(filter-out generator/cli/main.c,$(SRC)))
UNIT := $(patsubst tests/unit/%.c,$(OBJ)/unit/%,$(sort $(wildcard tests/unit/test_*.c)))

all: bin
bin: $(OBJ)/anjian ## the program alone

$(OBJ)/anjian: $(OBJ)/cli/main.o $(ROOM)
	$(CC) $(CFLAGS_$(MODE)) -o $@ $^ $(LDLIBS)
$(OBJ)/unit/%: tests/unit/%.c $(ROOM) $(OBJ)/flags
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -o $@ $< $(ROOM) $(LDLIBS)
$(OBJ)/filter/luabox.o: generator/filter/pandoc.lua # it holds its bytes
$(OBJ)/%.o: generator/%.c $(OBJ)/flags
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<
$(OBJ)/flags: FORCE # changed flags rebuild everything, equal flags nothing
	@mkdir -p $(@D); echo '$(CC) $(CPPFLAGS) $(CFLAGS)' | cmp -s - $@ || echo '$(CC) $(CPPFLAGS) $(CFLAGS)' > $@
units: $(UNIT)
FORCE:
.PHONY: all bin units FORCE
.SECONDARY:
-include $(shell find $(OBJ) -name '*.d' 2>/dev/null)
