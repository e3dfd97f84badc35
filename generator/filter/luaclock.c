/* luaclock - the CPU time that a page's filters may take.
 *
 * A timer's signal has no argument: hence the one variable here, of the one state that runs at a
 * time. The handler touches nothing but it, the shared traces and Lua's chain of calls, which no
 * C function of Lua's library has in pieces while it matches or sorts.
 * Must not know: what runs. */
#include "filter/luaclock.h"

#include <signal.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#define AGAIN_SECONDS 0.5

static struct {
    lua_State *volatile L; /* NULL: nothing runs */
    const AjLuaHost *host;
    const char *path;
    uint32_t filter;
    bool learning;
    volatile sig_atomic_t rung;
} now;

static void note_place(void)
{
    const AjLuaHost *host = now.host;
    for (uint32_t i = 0; i < host->trace_count; i++) {
        AjLuaTrace *t = &host->traces[i];
        uint32_t nobody = 0;
        if (!atomic_compare_exchange_strong(&t->item, &nobody, UINT32_MAX))
            continue;
        t->filter = now.filter;
        t->learning = now.learning;
        t->line = 0;
        lua_Debug ar;
        if (aj_luabase_find_frame(now.L, now.path, &ar) && ar.currentline > 0)
            t->line = (uint32_t)ar.currentline;
        t->item = host->item + 1;
        return;
    }
}

static void ring(int number)
{
    (void)number;
    if (!now.L)
        return;
    AjLuaState *s = aj_luabase_state(now.L);
    s->late = true;
    if (now.rung++ && now.host && now.host->traces) {
        note_place();
        kill(getpid(), SIGPROF);
    }
}

static void timer_set(double first, double again)
{
    struct itimerval t = {{(time_t)again, (suseconds_t)((again - (double)(time_t)again) * 1e6)},
                          {(time_t)first, (suseconds_t)((first - (double)(time_t)first) * 1e6)}};
    setitimer(ITIMER_VIRTUAL, &t, NULL);
}

void aj_luaclock_start(lua_State *L, const AjLuaHost *host, double seconds, const char *path,
                       uint32_t filter, bool learning)
{
    struct sigaction action = {.sa_handler = ring, .sa_flags = SA_RESTART};
    now.host = host;
    now.path = path;
    now.filter = filter;
    now.learning = learning;
    now.rung = 0;
    now.L = L;
    sigaction(SIGVTALRM, &action, NULL);
    timer_set(seconds, AGAIN_SECONDS);
}

void aj_luaclock_switch(const char *path, uint32_t filter)
{
    now.path = path;
    now.filter = filter;
}

void aj_luaclock_stop(void)
{
    now.L = NULL;
    timer_set(0, 0);
}
