/* Pairs of pages with what a person marked as changed (tests/data/diff-pairs.md), and the borders.
 */
#include "base/diag.h"
#include "base/text.h"
#include "history/diff.h"
#include "parse/markdown.h"
#include "parse/outline.h"

#include <locale.h>
#include <string.h>

/* ⟦ and ⟧ */
#define OPEN "\xe2\x9f\xa6"
#define CLOSE "\xe2\x9f\xa7"

typedef struct {
    AjBlock *blocks;
    uint32_t count;
    bool **marked; /* by byte of each block's text */
    uint32_t regions;
} Side;

static GArray *outline(AjArena *a, const char *text, size_t len)
{
    g_autoptr(AjDiags) diags = aj_diags_new();
    AjMarkdownOptions options = {"pair.md", 1, true};
    aj_tree_use_arena(a);
    AjTree *tree = aj_markdown_parse(a, text, len, &options, diags);
    g_assert_nonnull(tree);
    return aj_outline(a, tree);
}

/* The marks go through the reader as text, and are taken out of the blocks. */
static Side side_of(AjArena *a, const char *text, size_t len)
{
    g_autoptr(GArray) list = outline(a, text, len);
    Side s = {aj_arena_alloc(a, (list->len + 1) * sizeof(AjBlock)), list->len,
              aj_arena_alloc(a, (list->len + 1) * sizeof(bool *)), 0};
    for (guint i = 0; i < list->len; i++) {
        AjBlock b = g_array_index(list, AjBlock, i);
        size_t n = strlen(b.text), to = 0;
        char *clean = aj_arena_alloc(a, n + 1);
        bool on = false;
        s.marked[i] = aj_arena_alloc(a, n + 1);
        for (size_t k = 0; k < n;) {
            if (strncmp(b.text + k, OPEN, 3) == 0 || strncmp(b.text + k, CLOSE, 3) == 0) {
                on = strncmp(b.text + k, OPEN, 3) == 0;
                s.regions += on;
                k += 3;
                continue;
            }
            s.marked[i][to] = on;
            clean[to++] = b.text[k++];
        }
        b.text = clean;
        s.blocks[i] = b;
    }
    return s;
}

typedef struct {
    uint32_t shown, marked, both; /* characters, but blanks and ends of cells */
} Count;

static void count_text(Count *c, const char *text, size_t len, const bool *marked, bool shown)
{
    for (size_t i = 0; i < len; i++) {
        if (((unsigned char)text[i] & 0xc0) == 0x80 || text[i] == ' ' || text[i] == AJ_CELL_END)
            continue;
        c->shown += shown;
        c->marked += marked[i];
        c->both += shown && marked[i];
    }
}

static void count_side(Count *c, const Side *s, const AjBlock *b, const AjDiffEntry *e,
                       AjPartKind own)
{
    const bool *marked = b ? s->marked[b - s->blocks] : NULL;
    if (!b)
        return;
    if (e->kind != AJ_DIFF_CHANGED) {
        count_text(c, b->text, strlen(b->text), marked, e->kind != AJ_DIFF_SAME);
        return;
    }
    size_t at = 0;
    for (uint32_t i = 0; i < e->part_count; i++) {
        const AjPart *p = &e->parts[i];
        if (p->kind != AJ_PART_SAME && p->kind != own)
            continue;
        g_assert_cmpint(strncmp(b->text + at, p->text, p->len), ==, 0);
        count_text(c, b->text + at, p->len, marked + at, p->kind == own);
        at += p->len;
    }
    g_assert_cmpuint(at, ==, strlen(b->text)); /* nothing is dropped */
}

static const char *line_after(const char *s)
{
    const char *nl = strchr(s, '\n');
    return nl ? nl + 1 : s + strlen(s);
}

static void test_pairs(void)
{
    g_autofree char *text = NULL;
    uint32_t pairs = 0, all_shown = 0, all_marked = 0;
    g_assert_true(g_file_get_contents("tests/data/diff-pairs.md", &text, NULL, NULL));
    for (const char *at = text; (at = strstr(at, "\n<<<<<<< "));) {
        AjArena *a = aj_arena_new(1 << 16);
        const char *name = at + strlen("\n<<<<<<< "), *before = line_after(name);
        const char *middle = strstr(before, "=======\n"), *after = line_after(middle);
        const char *end = strstr(after, ">>>>>>>\n");
        g_autofree char *title = g_strndup(name, (gsize)(before - name - 1));
        const char *told = line_after(end);
        unsigned long moved =
            g_str_has_prefix(told, "移动：") ? strtoul(told + strlen("移动："), NULL, 10) : 0;
        Side x = side_of(a, before, (size_t)(middle - before));
        Side y = side_of(a, after, (size_t)(end - after));
        AjDiff *d = aj_diff_blocks(a, x.blocks, x.count, y.blocks, y.count);
        Count gone = {0}, fresh = {0};
        for (uint32_t i = 0; i < d->count; i++) {
            count_side(&gone, &x, d->entries[i].before, &d->entries[i], AJ_PART_GONE);
            count_side(&fresh, &y, d->entries[i].after, &d->entries[i], AJ_PART_NEW);
        }
        uint32_t shown = gone.shown + fresh.shown, marked = gone.marked + fresh.marked;
        uint32_t both = gone.both + fresh.both;
        g_test_message("%s: marked %u, shown %u, both %u, moved %u", title, marked, shown, both,
                       d->moved);
        g_assert_cmpuint(shown * 10, <=, marked * 13);
        g_assert_cmpuint(both * 3, >=, marked); /* finer than a person, never blind */
        g_assert_cmpuint((gone.marked > 0) + (fresh.marked > 0), ==,
                         (gone.both > 0) + (fresh.both > 0));
        g_assert_cmpuint(d->moved, ==, moved);
        all_shown += shown;
        all_marked += marked;
        pairs++;
        at = end;
        aj_arena_free(a);
    }
    g_test_message("%u pairs, shown / marked = %.2f", pairs, (double)all_shown / all_marked);
    g_assert_cmpuint(pairs, >=, 30);
}

static char *drawn(const char *before, const char *after)
{
    AjArena *a = aj_arena_new(1 << 14);
    GString *out = g_string_new(NULL);
    uint32_t count;
    const AjPart *parts = aj_words_diff(a, before, after, &count);
    for (uint32_t i = 0; i < count; i++)
        g_string_append_printf(out,
                               parts[i].kind == AJ_PART_SAME   ? "%.*s"
                               : parts[i].kind == AJ_PART_GONE ? "[-%.*s-]"
                                                               : "{+%.*s+}",
                               (int)parts[i].len, parts[i].text);
    aj_arena_free(a);
    return g_string_free(out, FALSE);
}

static void assert_drawn(const char *before, const char *after, const char *expected)
{
    g_autofree char *got = drawn(before, after);
    g_assert_cmpstr(got, ==, expected);
}

static void test_words(void)
{
    assert_drawn("", "", "");
    assert_drawn("甲", "甲", "甲");
    assert_drawn("", "甲", "{+甲+}");
    assert_drawn("甲", "", "[-甲-]");
    assert_drawn("先通风。后作业。", "先通风。再检测。后作业。", "先通风。{+再检测。+}后作业。");
    assert_drawn("18.0%以上", "19.5%以上", "[-18.0%-]{+19.5%+}以上");
    assert_drawn("1,000 人", "1,200 人", "[-1,000-]{+1,200+} 人");
    /* one character that stays by chance is no island */
    assert_drawn("班组长每天早上点名", "安全员每次开工核对",
                 "[-班组长每天早上点名-]{+安全员每次开工核对+}");
    assert_drawn("\xf0\xa0\xae\xb7野家", "吉野家", "[-\xf0\xa0\xae\xb7-]{+吉+}野家");
}

static AjBlock block(const char *text)
{
    return (AjBlock){.kind = AJ_BLOCK_TEXT, .text = text, .form = ""};
}

static void test_blocks(void)
{
    AjArena *a = aj_arena_new(1 << 14);
    AjDiff *d = aj_diff_blocks(a, NULL, 0, NULL, 0);
    g_assert_cmpuint(d->count, ==, 0);
    AjBlock one = block("先通风"), bold = one, item = one;
    bold.form = "[1]";
    item.kind = AJ_BLOCK_ITEM;
    d = aj_diff_blocks(a, &one, 1, NULL, 0);
    g_assert_cmpuint(d->removed, ==, 1);
    d = aj_diff_blocks(a, &one, 1, &bold, 1);
    g_assert_true(d->count == 1 && d->entries[0].form && d->changed == 1);
    d = aj_diff_blocks(a, &one, 1, &item, 1); /* a paragraph made an item: the same words */
    g_assert_true(d->count == 1 && d->entries[0].kind == AJ_DIFF_SAME && d->entries[0].form);
    aj_arena_free(a);
}

/* Two long pages: time and memory stay small, every block comes out once. */
static void test_large(void)
{
    enum { N = 20000 };
    AjArena *a = aj_arena_new(1 << 16);
    AjBlock *x = aj_arena_alloc(a, N * sizeof *x), *y = aj_arena_alloc(a, N * sizeof *y);
    for (uint32_t i = 0; i < N; i++) {
        x[i] = block(aj_arena_printf(a, "第 %u 段的文字", i));
        y[i] = block(aj_arena_printf(a, i % 7 ? "第 %u 段的文字" : "改了的 %u 段", (i + 100) % N));
    }
    AjDiff *d = aj_diff_blocks(a, x, N, y, N);
    uint32_t before = 0, after = 0;
    for (uint32_t i = 0; i < d->count; i++) {
        before += d->entries[i].before != NULL;
        after += d->entries[i].after != NULL;
    }
    g_assert_cmpuint(before, ==, N);
    g_assert_cmpuint(after, ==, N);
    GString *long_x = g_string_new(NULL), *long_y = g_string_new(NULL);
    for (uint32_t i = 0; i < 50000; i++) {
        aj_utf8_append(long_x, 0x4e00 + i % 5000);
        aj_utf8_append(long_y, 0x4e00 + i * 7 % 5000);
    }
    uint32_t count;
    aj_words_diff(a, long_x->str, long_y->str, &count);
    g_assert_cmpuint(count, <=, 4);
    g_string_free(long_x, TRUE);
    g_string_free(long_y, TRUE);
    aj_arena_free(a);
}

int main(int argc, char **argv)
{
    setlocale(LC_ALL, "C.UTF-8");
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/history/diff/pairs", test_pairs);
    g_test_add_func("/history/diff/words", test_words);
    g_test_add_func("/history/diff/blocks", test_blocks);
    g_test_add_func("/history/diff/large", test_large);
    return g_test_run();
}
