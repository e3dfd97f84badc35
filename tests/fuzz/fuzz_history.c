/* Git's commits and our own state of a walk: any bytes are read or refused. A state is given its
 * right checksum, so that what lies behind it is reached; what was read is written and read again.
 */
#include "base/text.h"
#include "history/commitparse.h"
#include "history/logstate.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_text(const char *s)
{
    g_assert(!s || aj_utf8_invalid_at(s, strlen(s)) == SIZE_MAX);
    for (; s && *s; s++)
        g_assert((unsigned char)*s >= ' ' && *s != 0x7f);
}

static void check_commit(AjArena *a, const char *bytes, size_t size)
{
    AjRawCommit c;
    if (!aj_commitparse(a, bytes, size, &c))
        return;
    check_text(c.author);
    check_text(c.subject);
    check_text(c.reviewed_by);
    check_text(c.approved_by);
}

static void check_state(AjArena *a, const uint8_t *bytes, size_t size)
{
    static const AjLogKey key = {.prefix = ""};
    g_autoptr(AjLog) empty = aj_log_new(a);
    g_autoptr(GString) state = g_string_new(NULL);
    aj_logstate_write(empty, &key, state);
    g_assert(state->len > AJ_LOGSTATE_SUM);
    /* Our own beginning up to the cut's hash, then the fuzzer's bytes, then their checksum. */
    g_string_truncate(state, MIN(state->len, 8 + 2 + 32));
    g_string_append_len(state, (const char *)bytes, (gssize)size);
    uint8_t sum[AJ_LOGSTATE_SUM];
    aj_logstate_sum(state->str, state->len, sum);
    g_string_append_len(state, (const char *)sum, sizeof sum);
    g_autoptr(AjLog) log = aj_logstate_read(a, state->str, state->len, &key);
    if (!log)
        return;
    uint32_t commits = log->commits->len, names = log->names->len;
    for (uint32_t i = 0; i < log->parents->len; i++)
        g_assert(g_array_index(log->parents, uint32_t, i) < commits);
    for (uint32_t i = 0; i < log->events->len; i++) {
        const AjLogEvent *e = &g_array_index(log->events, AjLogEvent, i);
        g_assert(e->name / 2 < names && e->commit < commits);
    }
    for (uint32_t i = 0; i < log->renames->len; i++) {
        const AjLogRename *r = &g_array_index(log->renames, AjLogRename, i);
        g_assert(r->to / 2 < names && r->from < names && r->commit < commits);
        g_assert(r->parent < commits);
    }
    for (uint32_t i = 0; i < commits; i++) {
        const AjLogCommit *c = &g_array_index(log->commits, AjLogCommit, i);
        g_assert(c->parents + c->parent_count <= log->parents->len && c->author && c->subject);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1 || size > 4096)
        return 0;
    AjArena *a = aj_arena_new(16 * 1024);
    if (data[0] == 't') /* as in "tree" */
        check_commit(a, (const char *)data, size);
    else
        check_state(a, data + 1, size - 1);
    aj_arena_free(a);
    return 0;
}
