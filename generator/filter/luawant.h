/* luawant - what a filter's table handles and needs, so that it runs only on pages that hold it.
 *
 * Besides pandoc's fields a table may carry `needs = {meta = {"quiz"}, heading = {"测验"}}`.
 * Must not know: how filters run. */
#pragma once
#include "base/value.h"
#include "filter/luatag.h"

typedef struct AjLuawant AjLuawant; /* of one filter: all its tables */
AjLuawant *aj_luawant_new(void);
void aj_luawant_free(AjLuawant *w);
/* Reads the filter table on top of the stack, which stays. */
void aj_luawant_learn(lua_State *L, AjLuawant *w);

void aj_luawant_always(AjLuawant *w); /* it cannot be told */

/* What is known of the page so far. */
typedef struct {
    const AjTree *tree;
    const AjValue *meta;
    uint64_t tags; /* valid when known */
    bool known;
    bool changed; /* a filter has run: `tree` is no longer what there is */
} AjLuapage;
bool aj_luawant_met(const AjLuawant *w, AjLuapage *page);
/* The types of elements that it may handle on this page; *whole is set when it wants more of the
 * page than its elements. */
uint64_t aj_luawant_tags(const AjLuawant *w, const AjLuapage *page, bool *whole);
