/* collect - result files from sticks and folders into the ledger.
 *
 * Must not know: SQL, how a line is judged, reports. */
#include "records/collect.h"

#include "base/fs.h"
#include "base/personal.h"
#include "records/audit.h"

#include <string.h>
#include <sys/stat.h>

enum { DAY = 86400 };
static const int64_t earliest = 1577836800; /* 2020-01-01 */

typedef struct {
    AjStore *store;
    const AjCollectOptions *options;
    AjDiags *diags;
    AjCollectCount *count;
    const char *file;   /* as shown */
    GHashTable *chains; /* touched: chain → file */
    GHashTable *clocks; /* chains whose clock has been told of, in this file */
    GHashTable *foreign;
} Collecting;

static AjPos here(const Collecting *c, uint32_t line)
{
    return (AjPos){c->file, line, 0};
}

/* Once a chain and file: a kiosk with a wrong clock has it wrong all day. */
static void check_clock(Collecting *c, const AjReceipt *r)
{
    if (r->time >= earliest && r->time <= c->options->now + DAY)
        return;
    if (!g_hash_table_add(c->clocks, g_strdup(r->chain)))
        return;
    aj_diag(c->diags, AJ_WARNING, here(c, r->line), "record-clock",
            AJ_TR("把一体机的钟拨对；这些记录按收集的日子算",
                  "set the kiosk's clock; these statements count on the day of collection"),
            AJ_TR("一体机“%s”的钟不对：%s", "the clock of kiosk \"%s\" is wrong: %s"),
            *r->station ? r->station : r->chain, r->timestamp);
}

static bool is_ours(Collecting *c, const AjReceipt *r, bool *good, GError **error)
{
    const char *site = c->options->site ? c->options->site : aj_store_site(c->store);
    *good = true;
    if (!*aj_store_site(c->store)) {
        *good = aj_store_set_site(c->store, *site ? site : r->site, error);
        site = *site ? site : r->site;
    }
    if (strcmp(site, r->site) == 0)
        return true;
    c->count->foreign++;
    if (g_hash_table_add(c->foreign, g_strdup(r->site)))
        aj_diag(c->diags, AJ_ERROR, here(c, r->line), "record-site",
                AJ_TR("每个网站用一个台账；这些记录没有收",
                      "a ledger for each site; these statements were not taken"),
                AJ_TR("是另一个网站的记录：%s", "a statement of another site: %s"), r->site);
    return false;
}

static bool take_good(const AjReceipt *r, void *data, GError **error)
{
    Collecting *c = data;
    bool fresh = false, good = true;
    if (!is_ours(c, r, &good, error))
        return good && aj_store_refuse(c->store, c->file, r->line, "record-site",
                                       r->personal ? NULL : r->text, r->personal ? 0 : r->len,
                                       c->options->now, &fresh, error);
    check_clock(c, r);
    if (!aj_store_add(c->store, r, c->file, c->options->now, &fresh, error))
        return false;
    c->count->statements++;
    c->count->fresh += fresh;
    if (!g_hash_table_contains(c->chains, r->chain))
        g_hash_table_add(c->chains, g_strdup(r->chain));
    return true;
}

static bool take_bad(uint32_t line, const char *code, const char *bytes, size_t len, void *data,
                     GError **error)
{
    Collecting *c = data;
    bool fresh = false;
    size_t start, end;
    bool personal = aj_personal_find(bytes, len, 0, &start, &end) != AJ_PERSONAL_NONE;
    c->count->refused++;
    return aj_store_refuse(c->store, c->file, line, code, personal ? NULL : bytes,
                           personal ? 0 : len, c->options->now, &fresh, error);
}

static int by_name(const void *x, const void *y)
{
    return strcmp(*(char *const *)x, *(char *const *)y);
}

static char *place_of(const AjDiag *d)
{
    return g_strdup_printf("%s\n%s\n%u", d->code, d->pos.path ? d->pos.path : "", d->pos.line);
}

/* What the files themselves did not say of holes and forks. */
static void tell_rest(Collecting *c, const AjDiags *found)
{
    g_autoptr(GHashTable) said = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (uint32_t i = 0; i < aj_diags_total(c->diags); i++)
        g_hash_table_add(said, place_of(aj_diags_at(c->diags, i)));
    for (uint32_t i = 0; i < aj_diags_total(found); i++) {
        const AjDiag *d = aj_diags_at(found, i);
        g_autofree char *place = place_of(d);
        if (!g_hash_table_contains(said, place))
            aj_diag(c->diags, d->level, d->pos, d->code, d->hint, "%s", d->message);
    }
}

/* Holes and forks as the whole ledger has them, and a signature on every head that moved. */
static bool settle(Collecting *c, GError **error)
{
    uint32_t count = 0;
    g_autofree char **chains = (char **)g_hash_table_get_keys_as_array(c->chains, &count);
    g_autoptr(AjDiags) found = aj_diags_new();
    if (count)
        qsort(chains, count, sizeof *chains, by_name);
    c->count->chains = count;
    bool good = aj_store_begin(c->store, error);
    for (uint32_t i = 0; good && i < count; i++)
        good =
            aj_audit_chain(c->store, chains[i], found, error) &&
            aj_audit_countersign(c->store, chains[i], c->options->secret, c->options->now, error);
    tell_rest(c, found);
    if (good && aj_store_commit(c->store, error))
        return true;
    aj_store_rollback(c->store);
    return false;
}

static bool collect_file(Collecting *c, const char *path, GError **error)
{
    g_autoptr(GError) unread = NULL;
    AjReceiptSink sink = {take_good, take_bad, c};
    AjReceiptCount count;
    AjCollectCount before = *c->count;
    g_hash_table_remove_all(c->clocks);
    g_hash_table_remove_all(c->foreign);
    if (!aj_store_begin(c->store, error))
        return false;
    if (aj_receipt_read(path, c->file, &sink, c->diags, &count, &unread)) {
        c->count->files++;
        return aj_store_commit(c->store, error);
    }
    aj_store_rollback(c->store);
    if (unread->domain != AJ_FS_ERROR) {
        g_propagate_error(error, g_steal_pointer(&unread));
        return false;
    }
    /* A stick pulled out, a bad block: nothing of this file is taken, the others go on. */
    *c->count = before;
    aj_diag(c->diags, AJ_ERROR, here(c, 0), "record-unreadable",
            AJ_TR("换一个读卡口再试；或从一体机再导出一次",
                  "try another port, or export it from the kiosk once more"),
            "%s", unread->message);
    return true;
}

static bool skip_hidden(const char *path, bool is_folder, void *data)
{
    (void)data;
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    return name[0] == '.' || (!is_folder && !g_str_has_suffix(name, ".jsonl"));
}

bool aj_collect(AjStore *store, const AjCollectOptions *options, AjDiags *diags,
                AjCollectCount *count, GError **error)
{
    Collecting c = {.store = store,
                    .options = options,
                    .diags = diags,
                    .count = count,
                    .chains = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
                    .clocks = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
                    .foreign = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL)};
    *count = (AjCollectCount){0};
    bool good = true;
    if (!g_file_test(options->folder, G_FILE_TEST_IS_DIR)) {
        c.file = options->shown;
        good = collect_file(&c, options->folder, error);
    } else {
        g_autoptr(AjFsList) list = aj_fs_walk(options->folder, skip_hidden, NULL, error);
        good = list != NULL;
        for (uint32_t i = 0; good && i < aj_fs_list_count(list); i++) {
            const AjFsEntry *entry = aj_fs_list_at(list, i);
            g_autofree char *path = g_build_filename(options->folder, entry->path, NULL);
            g_autofree char *shown = strcmp(options->shown, ".") == 0
                                         ? g_strdup(entry->path)
                                         : g_build_filename(options->shown, entry->path, NULL);
            c.file = shown;
            if (S_ISREG(entry->mode))
                good = collect_file(&c, path, error);
        }
    }
    good = good && settle(&c, error);
    g_hash_table_unref(c.chains);
    g_hash_table_unref(c.clocks);
    g_hash_table_unref(c.foreign);
    return good;
}
