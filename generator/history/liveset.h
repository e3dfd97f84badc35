/* liveset - which names a walk still follows at a commit.
 *
 * Either all but a few ("all", what the main line carries) or a few ("some", what a side branch
 * brought). Beside them the names that are followed only because a rename led to them.
 * Pure. Must not know: commits, trees, what a name is. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

typedef struct AjLive AjLive;
AjLive *aj_live_new(bool all); /* all names, or none */
void aj_live_free(AjLive *l);  /* NULL is fine */
bool aj_live_has(const AjLive *l, uint32_t name);
void aj_live_add(AjLive *l, uint32_t name);
void aj_live_remove(AjLive *l, uint32_t name);
/* The second kind: reached by a rename only. */
bool aj_live_has_renamed(const AjLive *l, uint32_t name);
void aj_live_add_renamed(AjLive *l, uint32_t name);
void aj_live_remove_renamed(AjLive *l, uint32_t name);
/* `into` also follows what `from` follows; frees `from`. Returns the set to use from now on;
 * `into` may be NULL. */
AjLive *aj_live_join(AjLive *into, AjLive *from);
bool aj_live_is_all(const AjLive *l);
bool aj_live_is_none(const AjLive *l);
/* Followed in neither way by any name outside a known few: an unknown name need not be named. */
bool aj_live_is_some(const AjLive *l);
