/* keeping - the next site is filled by workers. See keeping.h. Must not know: bundles. */
#include "bundle/keeping.h"

#include "base/fs.h"
#include "base/lang.h"
#include "base/pool.h"

#include <string.h>

/* Files that stay go to a worker in batches: a batch takes about as long as a patch. What a worker
 * says of one is a byte for each file; what it says of a fault begins with FAULT. */
enum { BATCH = 200, STAYS = '+', SPOILT = '-', FAULT = '!' };

static bool keep_batch(const AjKeeping *k, uint32_t batch, GString *said, GError **error)
{
    uint32_t end = MIN(k->stay_count, (batch + 1) * BATCH);
    for (uint32_t i = batch * BATCH; i < end; i++) {
        bool stays = aj_staging_matches(k->staging, k->stays[i]);
        if (stays && !aj_staging_keep(k->staging, k->stays[i]->path, error))
            return false;
        g_string_append_c(said, stays ? STAYS : SPOILT);
    }
    return true;
}

static bool work(uint32_t item, GString *said, void *data)
{
    const AjKeeping *k = data;
    g_autoptr(GError) why = NULL;
    size_t from = said->len; /* other items' words may stand before ours */
    bool good = item < k->make_count ? k->make(item, k->data, &why)
                                     : keep_batch(k, item - k->make_count, said, &why);
    if (!good) {
        g_string_truncate(said, from);
        g_string_append_printf(said, "%c%s", FAULT, why->message);
    }
    return true;
}

static bool hear(const AjKeeping *k, uint32_t item, const AjPoolResult *r, GError **error)
{
    size_t len;
    const char *said = aj_pool_bytes(r, item, &len);
    const char *died = AJ_TR("!一个工作进程没做完就退出了，可能是内存不够；请再试一次",
                             "!a worker ended before its work, perhaps for want of memory: try "
                             "again");
    if (aj_pool_slot(r, item)->status != AJ_POOL_DONE) {
        said = died;
        len = strlen(died);
    }
    if (len && *said == FAULT) {
        g_set_error(error, AJ_FS_ERROR, AJ_FS_ERROR_IO, "%.*s", (int)len - 1, said + 1);
        return false;
    }
    for (size_t i = 0; item >= k->make_count && i < len; i++)
        k->kept[(item - k->make_count) * BATCH + i] = said[i] == STAYS;
    return true;
}

bool aj_keeping_run(const AjKeeping *k, GError **error)
{
    uint32_t count = k->make_count + (k->stay_count + BATCH - 1) / BATCH;
    const AjPoolJob job = {.work = work, .data = (void *)k};
    AjPoolResult *r;
    if (!count)
        return true;
    if (!aj_pool_run(&job, count, &r, error))
        return false;
    bool good = true;
    for (uint32_t i = 0; good && i < count; i++)
        good = hear(k, i, r, error);
    aj_pool_result_free(r);
    return good;
}
