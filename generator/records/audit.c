/* audit - the ledger against itself: chains, hashes, countersignatures.
 *
 * Must not know: files of kiosks, rosters, what a report makes of it. */
#include "records/audit.h"

#include "base/hash.h"
#include "base/sign.h"

#include <sqlite3.h>
#include <string.h>

static void name_place(AjDiags *diags, sqlite3_stmt *q, int file, const char *code, const char *zh,
                       const char *en, int64_t from, int64_t to)
{
    AjPos pos = {(const char *)sqlite3_column_text(q, file),
                 (uint32_t)sqlite3_column_int64(q, file + 1), 0};
    g_autofree char *numbers =
        from == to ? g_strdup_printf("%" G_GINT64_FORMAT, from)
                   : g_strdup_printf("%" G_GINT64_FORMAT "–%" G_GINT64_FORMAT, from, to);
    aj_diag(diags, AJ_ERROR, pos, code,
            AJ_TR("从这台一体机再导出一次；找不回来的，在检查时说明",
                  "export from that kiosk once more; what cannot be found has to be explained"),
            "%s %s (%.8s, %s)", AJ_TR(zh, en), numbers, (const char *)sqlite3_column_text(q, 0),
            sqlite3_column_text(q, 1) ? (const char *)sqlite3_column_text(q, 1)
                                      : AJ_TR("未命名", "no name"));
}

bool aj_audit_chain(AjStore *s, const char *chain, AjDiags *diags, GError **error)
{
    static const char zero[] = "0000000000000000000000000000000000000000000000000000000000000000";
    sqlite3_stmt *q =
        aj_store_prepare(s,
                         "SELECT chain, station, seq, hash, prev, file, line FROM statement"
                         " WHERE chain = ? ORDER BY seq, number",
                         error);
    if (!q)
        return false;
    sqlite3_bind_text(q, 1, chain, -1, SQLITE_STATIC);
    /* Every hash that stands at the place before: two contents may share one number. */
    g_autoptr(GPtrArray) before = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) here = g_ptr_array_new_with_free_func(g_free);
    int64_t last = 0;
    int step;
    g_ptr_array_add(before, g_strdup(zero));
    while ((step = sqlite3_step(q)) == SQLITE_ROW) {
        int64_t seq = sqlite3_column_int64(q, 2);
        const char *hash = (const char *)sqlite3_column_text(q, 3);
        const char *prev = (const char *)sqlite3_column_text(q, 4);
        if (here->len && seq == last) {
            name_place(diags, q, 5, "record-twice", "同一个序号有两种内容：",
                       "one number with two contents:", seq, seq);
        } else if (here->len) {
            g_ptr_array_set_size(before, 0);
            GPtrArray *old = before;
            before = here;
            here = old;
        }
        if (seq > last + 1) {
            name_place(diags, q, 5, "record-gap", "台账里缺这些序号的记录：",
                       "the ledger lacks the statements of these numbers:", last + 1, seq - 1);
        } else {
            bool known = false;
            for (guint i = 0; i < before->len; i++)
                known |= strcmp(before->pdata[i], prev) == 0;
            if (!known)
                name_place(diags, q, 5, "record-prev", "前一行不是它说的那一行：",
                           "the line before is not the one it names:", seq, seq);
        }
        g_ptr_array_add(here, g_strdup(hash));
        last = seq;
    }
    sqlite3_finalize(q);
    return step == SQLITE_DONE || aj_store_fail(s, error);
}

static char *head_text(const char *chain, int64_t seq, const char *hash, int64_t now)
{
    return g_strdup_printf("anjian head 1\n%s\n%" G_GINT64_FORMAT "\n%s\n%" G_GINT64_FORMAT "\n",
                           chain, seq, hash, now);
}

/* The last place of a chain, when nobody has signed it: *open_out, its number and hash (g_free). */
static bool unsigned_head(AjStore *s, const char *chain, bool *open_out, int64_t *seq_out,
                          char **hash_out, GError **error)
{
    sqlite3_stmt *q = aj_store_prepare(
        s,
        "SELECT t.seq, t.hash, EXISTS(SELECT 1 FROM head h WHERE h.chain = t.chain AND"
        " h.seq = t.seq AND h.hash = t.hash) FROM statement t WHERE t.chain = ?"
        " ORDER BY t.seq DESC, t.number LIMIT 1",
        error);
    if (!q)
        return false;
    sqlite3_bind_text(q, 1, chain, -1, SQLITE_STATIC);
    int step = sqlite3_step(q);
    *open_out = step == SQLITE_ROW && !sqlite3_column_int(q, 2);
    if (*open_out) {
        *seq_out = sqlite3_column_int64(q, 0);
        *hash_out = g_strdup((const char *)sqlite3_column_text(q, 1));
    }
    sqlite3_finalize(q);
    return step == SQLITE_ROW || step == SQLITE_DONE || aj_store_fail(s, error);
}

static bool sign_head(AjStore *s, const char *chain, int64_t seq, const char *hash,
                      const char *secret, int64_t now, GError **error)
{
    char public[65], signature[129];
    g_autofree char *text = head_text(chain, seq, hash, now);
    bool made =
        aj_sign_public(secret, public) && aj_sign_make(secret, text, strlen(text), signature);
    g_assert(made);
    sqlite3_stmt *q = aj_store_prepare(
        s, "INSERT INTO head(chain, seq, hash, time, public, signature) VALUES(?,?,?,?,?,?)",
        error);
    if (!q)
        return false;
    sqlite3_bind_text(q, 1, chain, -1, SQLITE_STATIC);
    sqlite3_bind_int64(q, 2, seq);
    sqlite3_bind_text(q, 3, hash, -1, SQLITE_STATIC);
    sqlite3_bind_int64(q, 4, now);
    sqlite3_bind_text(q, 5, public, -1, SQLITE_STATIC);
    sqlite3_bind_text(q, 6, signature, -1, SQLITE_STATIC);
    bool good = sqlite3_step(q) == SQLITE_DONE || aj_store_fail(s, error);
    sqlite3_finalize(q);
    return good;
}

bool aj_audit_countersign(AjStore *s, const char *chain, const char *secret, int64_t now,
                          GError **error)
{
    char *hash = NULL;
    int64_t seq = 0;
    bool open = false;
    bool good = unsigned_head(s, chain, &open, &seq, &hash, error) &&
                (!open || sign_head(s, chain, seq, hash, secret, now, error));
    g_free(hash);
    return good;
}

static bool verify_lines(AjStore *s, AjDiags *diags, uint32_t *count_out, GError **error)
{
    sqlite3_stmt *q =
        aj_store_prepare(s,
                         "SELECT s.id, s.hash, l.bytes, s.file, s.line, s.seq FROM statement s"
                         " LEFT JOIN line l ON l.number = s.number ORDER BY s.number",
                         error);
    int step = SQLITE_ERROR;
    *count_out = 0;
    while (q && (step = sqlite3_step(q)) == SQLITE_ROW) {
        const char *bytes = sqlite3_column_blob(q, 2);
        size_t len = (size_t)sqlite3_column_bytes(q, 2);
        char id[37] = "", hash[65] = "";
        ++*count_out;
        if (!bytes)
            continue; /* forgotten, or never kept: its place and hashes are judged by the chain */
        if (len > 43) {
            aj_receipt_identify(bytes, len, id);
            aj_hash_sha256_hex(bytes, len, hash);
        }
        if (strcmp(id, (const char *)sqlite3_column_text(q, 0)) == 0 &&
            strcmp(hash, (const char *)sqlite3_column_text(q, 1)) == 0)
            continue;
        aj_diag(diags, AJ_ERROR,
                (AjPos){(const char *)sqlite3_column_text(q, 3),
                        (uint32_t)sqlite3_column_int64(q, 4), 0},
                "record-id",
                AJ_TR("台账文件被改过；从备份恢复，或重新收集",
                      "the ledger was changed: restore it, or collect once more"),
                AJ_TR("台账里这一条的字节被改过：%s",
                      "bytes of this entry of the ledger were changed: %s"),
                (const char *)sqlite3_column_text(q, 0));
    }
    sqlite3_finalize(q);
    return q && (step == SQLITE_DONE || aj_store_fail(s, error));
}

static void tell_signer(const AjStore *s, const char *chain, const char *signer, AjDiags *diags)
{
    aj_diag(diags, AJ_ERROR, (AjPos){aj_store_path(s), 0, 0}, "record-signer",
            AJ_TR("把原来的会签钥匙放回台账旁边；真的丢了，换一个台账文件，从头收集",
                  "put the desk's own key back beside the ledger; if it is lost, collect "
                  "everything into a new ledger"),
            AJ_TR("链 %.8s 的会签用的是另一把钥匙 %.8s…",
                  "chain %.8s is signed with another key, %.8s…"),
            chain, signer);
}

static bool verify_heads(AjStore *s, const char *public, AjDiags *diags, uint32_t *count_out,
                         GError **error)
{
    sqlite3_stmt *q =
        aj_store_prepare(s,
                         "SELECT h.chain, h.seq, h.hash, h.time, h.public, h.signature,"
                         " EXISTS(SELECT 1 FROM statement s WHERE s.chain = h.chain AND"
                         " s.seq = h.seq AND s.hash = h.hash) FROM head h ORDER BY 1, 2, 3",
                         error);
    int step = SQLITE_ERROR;
    *count_out = 0;
    while (q && (step = sqlite3_step(q)) == SQLITE_ROW) {
        const char *chain = (const char *)sqlite3_column_text(q, 0);
        g_autofree char *text =
            head_text(chain, sqlite3_column_int64(q, 1), (const char *)sqlite3_column_text(q, 2),
                      sqlite3_column_int64(q, 3));
        const char *signer = (const char *)sqlite3_column_text(q, 4);
        ++*count_out;
        bool good =
            sqlite3_column_int(q, 6) &&
            aj_sign_is_good(signer, text, strlen(text), (const char *)sqlite3_column_text(q, 5));
        if (good && public && strcmp(signer, public) != 0) {
            tell_signer(s, chain, signer, diags);
            continue;
        }
        if (good)
            continue;
        aj_diag(diags, AJ_ERROR, (AjPos){aj_store_path(s), 0, 0}, "record-head",
                AJ_TR("台账文件被改过；从备份恢复，或重新收集",
                      "the ledger was changed: restore it, or collect once more"),
                AJ_TR("链 %.8s 第 %" G_GINT64_FORMAT " 条的会签对不上",
                      "the countersignature of chain %.8s at %" G_GINT64_FORMAT " does not fit"),
                chain, (gint64)sqlite3_column_int64(q, 1));
    }
    sqlite3_finalize(q);
    return q && (step == SQLITE_DONE || aj_store_fail(s, error));
}

/* After a kill the next collection signs; without one somebody took the signature away. */
static bool verify_signed(AjStore *s, AjDiags *diags, GError **error)
{
    sqlite3_stmt *q = aj_store_prepare(
        s,
        "SELECT t.chain, t.seq, t.file, t.line FROM statement t JOIN (SELECT chain, max(seq) AS"
        " seq FROM statement GROUP BY chain) m ON t.chain = m.chain AND t.seq = m.seq"
        " WHERE NOT EXISTS(SELECT 1 FROM head h WHERE h.chain = t.chain AND h.seq = t.seq)"
        " GROUP BY t.chain ORDER BY 1",
        error);
    int step = SQLITE_ERROR;
    while (q && (step = sqlite3_step(q)) == SQLITE_ROW)
        aj_diag(diags, AJ_WARNING,
                (AjPos){(const char *)sqlite3_column_text(q, 2),
                        (uint32_t)sqlite3_column_int64(q, 3), 0},
                "record-unsigned",
                AJ_TR("再收集一次这台一体机的文件", "collect this kiosk's files once more"),
                AJ_TR("链 %.8s 的最后一条（第 %" G_GINT64_FORMAT " 条）没有会签",
                      "the last statement of chain %.8s, %" G_GINT64_FORMAT ", is not signed"),
                (const char *)sqlite3_column_text(q, 0), (gint64)sqlite3_column_int64(q, 1));
    sqlite3_finalize(q);
    return q && (step == SQLITE_DONE || aj_store_fail(s, error));
}

static bool verify_chains(AjStore *s, AjDiags *diags, GError **error)
{
    sqlite3_stmt *q = aj_store_prepare(s, "SELECT DISTINCT chain FROM statement ORDER BY 1", error);
    int step = SQLITE_ERROR;
    bool good = q != NULL;
    while (good && (step = sqlite3_step(q)) == SQLITE_ROW)
        good = aj_audit_chain(s, (const char *)sqlite3_column_text(q, 0), diags, error);
    sqlite3_finalize(q);
    return good && (step == SQLITE_DONE || aj_store_fail(s, error));
}

bool aj_audit_ledger(AjStore *s, const char *public, AjDiags *diags, uint32_t *statements_out,
                     uint32_t *heads_out, GError **error)
{
    sqlite3_stmt *q = aj_store_prepare(s, "PRAGMA integrity_check(1)", error);
    bool sound = q && sqlite3_step(q) == SQLITE_ROW &&
                 strcmp((const char *)sqlite3_column_text(q, 0), "ok") == 0;
    sqlite3_finalize(q);
    if (!q)
        return false;
    if (!sound)
        aj_diag(diags, AJ_ERROR, (AjPos){aj_store_path(s), 0, 0}, "record-ledger",
                AJ_TR("从备份恢复，或重新收集", "restore it, or collect once more"), "%s",
                AJ_TR("台账文件坏了", "the ledger's file is damaged"));
    return verify_lines(s, diags, statements_out, error) && verify_chains(s, diags, error) &&
           verify_heads(s, public, diags, heads_out, error) && verify_signed(s, diags, error);
}
