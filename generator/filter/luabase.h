/* luabase - what a filter finds in its state besides pandoc: the safe part of Lua's library.
 *
 * Deterministic (sorted pairs, no addresses, clock, chance) and bounded (memory, instructions).
 * Nothing a filter changes in a library outlives aj_luabase_wipe.
 * Must not know: the tree, pages, which filter runs. */
#pragma once
#include <lua.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

/* Bytes: pieces up to here come from chunks, but where each shall be watched alone. */
#ifdef __SANITIZE_ADDRESS__
#define AJ_LUA_SMALL 0
#else
#define AJ_LUA_SMALL 256
#endif

typedef struct {
    size_t used, memory_max;                    /* bytes */
    void *free[AJ_LUA_SMALL / 16 + 1], *chunks; /* the allocator's */
    char *chunk_at;
    size_t chunk_left;
    double seconds_max;           /* of CPU, kept by filter/luaclock */
    uint64_t count, count_max;    /* instructions of the virtual machine since aj_luabase_begin */
    volatile bool late;           /* the clock says that the time is over */
    bool fatal;                   /* a limit was passed: no pcall catches it any more */
    bool quiet;                   /* print says nothing: there is no page yet */
    bool collecting;              /* the garbage collector runs */
    size_t resting;               /* bytes in use when the last page began */
    size_t garbage_max;           /* bytes above that which wait for no collector */
    int fail_line;                /* where native.fail says that it went wrong; 0: nowhere */
    char *scratch;                /* a string of GLib's, freed at the next turn */
    GString *buffer;              /* the same for longer ones */
    const struct AjLuaHost *host; /* never NULL */
    struct AjArena *arena;        /* of the page under way */
    int exports;                  /* reference of what pandoc.lua returned */
    /* for anjian.line: from an element's number to its source line */
    uint32_t (*line)(void *data, uint32_t number);
    void *line_data;
    /* for pandoc.log: a warning about the page */
    void (*say)(void *data, const char *text);
    void *say_data;
} AjLuaState;

/* A state with nothing in it. NULL when there is no memory. `s` must outlive it. */
lua_State *aj_luabase_new(AjLuaState *s);
void aj_luabase_free(lua_State *L);
AjLuaState *aj_luabase_state(lua_State *L);
/* Pushes the table of globals that every filter reads through, then the table of helpers for
 * pandoc.lua. Call in protected mode. */
void aj_luabase_open(lua_State *L);
/* Resets the count of instructions; the garbage collector rests until there are `garbage_max` bytes
 * more, and then works. */
void aj_luabase_begin(lua_State *L, size_t garbage_max);
/* Collects what a page left when it is worth the time. */
void aj_luabase_end(lua_State *L);
/* Takes back every change to library tables. */
void aj_luabase_wipe(lua_State *L);
/* The innermost call of a function of the file `path` (what lua_getinfo "Sl" tells), or one near
 * the bottom of a deep recursion. May be called where a signal has stopped the state. */
bool aj_luabase_find_frame(lua_State *L, const char *path, lua_Debug *ar);
