/* Documents as pandoc's JSON: one that a filter can read goes out again, and again the same. */
#include "filter/luabox.h"
#include "parse/markdown.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool run(AjLuabox *box, const char *json, size_t len, GString *out)
{
    AjDiags *diags = aj_diags_new();
    AjArena *a = aj_arena_new(16 * 1024);
    AjMarkdownOptions options = {"-", 1, false};
    AjTree *tree = aj_markdown_parse(a, "", 0, &options, diags);
    AjValue *meta = aj_value_map(a);
    AjLuaDocument doc = {.page = "-",
                         .tree = tree,
                         .meta = &meta,
                         .json = json,
                         .json_len = len,
                         .json_out = out,
                         .once = true};
    bool good = aj_luabox_run(box, &doc, diags);
    g_assert_true(good || aj_diags_total(diags));
    aj_diags_free(diags);
    aj_arena_free(a);
    return good;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char text[] = "function Pandoc(doc) return doc end";
    static const AjFilterSource source = {
        .name = "f", .path = "f.lua", .text = text, .len = sizeof text - 1};
    static AjLuabox *box;
    if (!box) {
        AjDiags *diags = aj_diags_new();
        box = aj_luabox_new(&source, 1, NULL, diags);
        aj_diags_free(diags);
    }
    g_autoptr(GString) once = g_string_new(NULL), twice = g_string_new(NULL);
    if (run(box, (const char *)data, size, once)) {
        g_assert_true(run(box, once->str, once->len, twice));
        g_assert_true(g_string_equal(once, twice));
    }
    return 0;
}
