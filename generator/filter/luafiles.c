/* luafiles - io, os and pandoc.system, as far as they reach out of the state.
 *
 * The handles of io are written in Lua (system.lua) over whole texts. A path is taken apart here:
 * none leads out of the folder that the host lends. GLib's memory is the state's (scratch, buffer)
 * before anything of Lua's can fail.
 * Must not know: elements, documents. */
#include "filter/luafiles.h"

#include "base/child.h"
#include "filter/luabase.h"
#include "filter/luahost.h"

#include <glib/gstdio.h>
#include <lauxlib.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

/* `path` without "." and "..", as the state's scratch; NULL when it leads out. */
static const char *inside(AjLuaState *s, const char *path)
{
    if (path[0] == '/')
        return NULL;
    GPtrArray *kept = g_ptr_array_new();
    char **parts = g_strsplit(path, "/", -1);
    bool good = true;
    for (char **p = parts; *p && good; p++) {
        if (strcmp(*p, "..") == 0) {
            good = kept->len > 0;
            if (good)
                g_ptr_array_remove_index(kept, kept->len - 1);
        } else if (**p && strcmp(*p, ".") != 0) {
            g_ptr_array_add(kept, *p);
        }
    }
    g_ptr_array_add(kept, NULL);
    g_free(s->scratch);
    s->scratch = good ? g_strjoinv("/", (char **)kept->pdata) : NULL;
    g_ptr_array_unref(kept);
    g_strfreev(parts);
    return s->scratch;
}

static int refuse(lua_State *L, const char *path, const char *why)
{
    lua_pushnil(L);
    lua_pushfstring(L, "%s: %s", path, why);
    return 2;
}

/* With --allow-run the whole disk is there to read: a program could read it as well. */
static bool read_anything(AjLuaState *s, const char *path)
{
    char *text = NULL;
    size_t len = 0;
    if (!s->host->run || path[0] != '/' || !g_file_get_contents(path, &text, &len, NULL))
        return false;
    g_string_append_len(s->buffer, text, (gssize)len);
    g_free(text);
    return true;
}

/* read_file(path) → text; nil, message */
static int files_read(lua_State *L)
{
    AjLuaState *s = aj_luabase_state(L);
    const char *path = luaL_checkstring(L, 1), *why = "there are no files here", *below;
    g_string_truncate(s->buffer, 0);
    if (!read_anything(s, path)) {
        if (!s->host->read)
            return refuse(L, path, why);
        if (!(below = inside(s, path)))
            return refuse(L, path, "outside of the site's folder");
        if (!s->host->read(below, s->buffer, &why, s->host->data))
            return refuse(L, path, why);
    }
    if (s->buffer->len > s->memory_max - MIN(s->used, s->memory_max))
        return refuse(L, path, "too big");
    lua_pushlstring(L, s->buffer->str, s->buffer->len);
    return 1;
}

/* list_folder(path) → names; nil, message */
static int files_list(lua_State *L)
{
    AjLuaState *s = aj_luabase_state(L);
    const char *path = luaL_checkstring(L, 1), *why = "there are no files here", *below;
    g_string_truncate(s->buffer, 0);
    if (!s->host->list)
        return refuse(L, path, why);
    if (!(below = inside(s, path)))
        return refuse(L, path, "outside of the site's folder");
    if (!s->host->list(below, s->buffer, &why, s->host->data))
        return refuse(L, path, why);
    lua_newtable(L);
    lua_Integer n = 0;
    for (size_t at = 0; at < s->buffer->len; at += strlen(s->buffer->str + at) + 1) {
        lua_pushstring(L, s->buffer->str + at);
        lua_rawseti(L, -2, ++n);
    }
    return 1;
}

/* ------------------------------------------------------------------ behind --allow-write */

static const char *to_write(lua_State *L, int at)
{
    AjLuaState *s = aj_luabase_state(L);
    const char *path = luaL_checkstring(L, at), *below = inside(s, path);
    if (!below)
        luaL_error(L, "%s: outside of this folder", path);
    return below;
}

static int answer(lua_State *L, int failed)
{
    if (!failed) {
        lua_pushboolean(L, 1);
        return 1;
    }
    return refuse(L, luaL_checkstring(L, 1), "cannot be changed");
}

/* write_file(path, text, append) */
static int files_write(lua_State *L)
{
    size_t len;
    const char *text = luaL_checklstring(L, 2, &len);
    FILE *f = fopen(to_write(L, 1), lua_toboolean(L, 3) ? "ab" : "wb");
    bool good = f && fwrite(text, 1, len, f) == len;
    good = f && fclose(f) == 0 && good;
    return answer(L, !good);
}

static int files_remove(lua_State *L)
{
    return answer(L, g_remove(to_write(L, 1)));
}

static int files_rename(lua_State *L)
{
    lua_pushstring(L, to_write(L, 1)); /* the scratch holds one at a time */
    return answer(L, g_rename(lua_tostring(L, -1), to_write(L, 2)));
}

static int files_mkdir(lua_State *L)
{
    return answer(L, g_mkdir_with_parents(to_write(L, 1), 0755));
}

/* ------------------------------------------------------------------ behind --allow-run */

/* run(program, arguments, input) → output, exit code */
static int files_run(lua_State *L)
{
    AjLuaState *s = aj_luabase_state(L);
    size_t len = 0;
    const char *input = luaL_optlstring(L, 3, "", &len);
    luaL_checkstring(L, 1);
    luaL_checktype(L, 2, LUA_TTABLE);
    lua_Integer n = (lua_Integer)lua_rawlen(L, 2);
    const char **argv = lua_newuserdatauv(L, (size_t)(n + 2) * sizeof *argv, 0);
    argv[0] = lua_tostring(L, 1);
    for (lua_Integer i = 1; i <= n; i++) {
        lua_rawgeti(L, 2, i);
        argv[i] = luaL_checkstring(L, -1); /* the table keeps it */
        lua_pop(L, 1);
    }
    argv[n + 1] = NULL;
    int code = -1;
    GError *error = NULL;
    g_string_truncate(s->buffer, 0);
    if (!aj_child_run(argv, input, len, s->buffer, &code, &error)) {
        g_free(s->scratch);
        s->scratch = g_strdup(error->message);
        g_error_free(error);
        return luaL_error(L, "%s", s->scratch);
    }
    lua_pushlstring(L, s->buffer->str, s->buffer->len);
    lua_pushinteger(L, code);
    return 2;
}

static int files_getenv(lua_State *L)
{
    lua_pushstring(L, g_getenv(luaL_checkstring(L, 1)));
    return 1;
}

static int files_setenv(lua_State *L)
{
    if (lua_isnoneornil(L, 2))
        g_unsetenv(luaL_checkstring(L, 1));
    else
        g_setenv(luaL_checkstring(L, 1), luaL_checkstring(L, 2), TRUE);
    return 0;
}

static int files_environment(lua_State *L)
{
    char **all = g_get_environ();
    lua_newtable(L);
    for (char **e = all; *e; e++) {
        const char *equals = strchr(*e, '=');
        if (!equals)
            continue;
        lua_pushlstring(L, *e, (size_t)(equals - *e));
        lua_pushstring(L, equals + 1);
        lua_rawset(L, -3);
    }
    g_strfreev(all);
    return 1;
}

static int files_now(lua_State *L)
{
    lua_pushinteger(L, (lua_Integer)time(NULL));
    return 1;
}

static int files_clock(lua_State *L)
{
    lua_pushnumber(L, (lua_Number)clock() / CLOCKS_PER_SEC);
    return 1;
}

/* ------------------------------------------------------------------ dates that are given */

static lua_Integer date_field(lua_State *L, const char *name, lua_Integer fallback)
{
    lua_getfield(L, 1, name);
    if (lua_isnil(L, -1) && fallback < 0)
        luaL_error(L, "field '%s' missing in date table", name);
    lua_Integer v = luaL_optinteger(L, -1, fallback);
    lua_pop(L, 1);
    return v;
}

/* seconds({year, month, day, …}): os.time with a table, in UTC. Out of range is carried over. */
static int files_seconds(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_Integer year = date_field(L, "year", -1), month = date_field(L, "month", -1) - 1;
    lua_Integer day = date_field(L, "day", -1);
    year += month >= 0 ? month / 12 : -((11 - month) / 12);
    month = ((month % 12) + 12) % 12;
    if (year < 1 || year > 9999)
        return luaL_error(L, "the year is out of range");
    GDateTime *first = g_date_time_new_utc((int)year, (int)month + 1, 1, 0, 0, 0);
    lua_Integer seconds = g_date_time_to_unix(first);
    g_date_time_unref(first);
    seconds += (day - 1) * 86400 + date_field(L, "hour", 12) * 3600 + date_field(L, "min", 0) * 60 +
               date_field(L, "sec", 0);
    lua_pushinteger(L, seconds);
    return 1;
}

/* date(format, seconds): os.date with a time, in UTC. */
static int files_date(lua_State *L)
{
    AjLuaState *s = aj_luabase_state(L);
    const char *format = luaL_checkstring(L, 1);
    GDateTime *t = g_date_time_new_from_unix_utc(luaL_checkinteger(L, 2));
    if (!t)
        return luaL_error(L, "the time is out of range");
    if (*format == '!')
        format++;
    if (strncmp(format, "*t", 2) == 0) {
        const struct {
            const char *name;
            int value;
        } parts[] = {{"year", g_date_time_get_year(t)},
                     {"month", g_date_time_get_month(t)},
                     {"day", g_date_time_get_day_of_month(t)},
                     {"hour", g_date_time_get_hour(t)},
                     {"min", g_date_time_get_minute(t)},
                     {"sec", g_date_time_get_second(t)},
                     {"wday", g_date_time_get_day_of_week(t) % 7 + 1},
                     {"yday", g_date_time_get_day_of_year(t)}};
        g_date_time_unref(t);
        lua_createtable(L, 0, (int)G_N_ELEMENTS(parts) + 1);
        for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
            lua_pushinteger(L, parts[i].value);
            lua_setfield(L, -2, parts[i].name);
        }
        lua_pushboolean(L, 0);
        lua_setfield(L, -2, "isdst");
        return 1;
    }
    g_free(s->scratch);
    s->scratch = g_date_time_format(t, format);
    g_date_time_unref(t);
    if (!s->scratch)
        return luaL_error(L, "the format of the date is wrong");
    lua_pushstring(L, s->scratch);
    return 1;
}

/* say(text): to the person at the keyboard, as a warning about this page. */
static int files_say(lua_State *L)
{
    AjLuaState *s = aj_luabase_state(L);
    if (s->say)
        s->say(s->say_data, luaL_checkstring(L, 1));
    return 0;
}

/* error_text(text): io.stderr:write */
static int files_error_text(lua_State *L)
{
    fputs(luaL_checkstring(L, 1), stderr);
    return 0;
}

static const luaL_Reg always[] = {{"read_file", files_read},
                                  {"list_folder", files_list},
                                  {"seconds", files_seconds},
                                  {"date", files_date},
                                  {"say", files_say},
                                  {"error_text", files_error_text},
                                  {NULL, NULL}};
static const luaL_Reg writing[] = {{"write_file", files_write},
                                   {"remove_file", files_remove},
                                   {"rename_file", files_rename},
                                   {"make_folder", files_mkdir},
                                   {NULL, NULL}};
static const luaL_Reg running[] = {{"run", files_run},
                                   {"getenv", files_getenv},
                                   {"setenv", files_setenv},
                                   {"environment", files_environment},
                                   {"now", files_now},
                                   {"clock", files_clock},
                                   {NULL, NULL}};

void aj_luafiles_open(lua_State *L, int native)
{
    const AjLuaHost *host = aj_luabase_state(L)->host;
    lua_pushvalue(L, native);
    luaL_setfuncs(L, always, 0);
#ifdef __aarch64__
    lua_pushliteral(L, "aarch64");
#else
    lua_pushliteral(L, "x86_64");
#endif
    lua_setfield(L, -2, "arch");
    if (host->write)
        luaL_setfuncs(L, writing, 0);
    if (host->run)
        luaL_setfuncs(L, running, 0);
    lua_pop(L, 1);
}
