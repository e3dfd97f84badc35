/* luaclock - the CPU time that a page's filters may take.
 *
 * Must not know: what runs. */
#pragma once
#include "filter/luabase.h"
#include "filter/luahost.h"

/* From now on; when `seconds` have passed the state is told (its next hook fails). When half a
 * second later it still runs – a call into C that no hook can end – and somebody shares traces, the
 * place is noted there and the process ends with SIGPROF, which its parent takes for what it is. */
void aj_luaclock_start(lua_State *L, const AjLuaHost *host, double seconds, const char *path,
                       uint32_t filter, bool learning);
void aj_luaclock_switch(const char *path, uint32_t filter);
void aj_luaclock_stop(void);
