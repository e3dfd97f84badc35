/* quizpage - the questions of one Markdown file, without a site around it.
 *
 * Must not know: sites, where the questions go. */
#include "driver/quizpage.h"

#include "base/fs.h"
#include "driver/filterset.h"
#include "driver/quizdata.h"
#include "driver/theme.h"
#include "load/frontmatter.h"
#include "load/schema.h"
#include "model/quizcheck.h"
#include "model/quizvalue.h"
#include "parse/markdown.h"
#include "parse/quizblock.h"

#include <string.h>

struct AjQuizpage {
    AjArena *arena;
    AjLuabox *box;
    AjFilterSource source; /* the box borrows these three */
    AjLuaHost host;
    AjFilterView view;
    const char *page;
    const AjValue *defaults;
    char *questions; /* hash of the last page's */
};

AjQuizpage *aj_quizpage_new(const char *root, const char *page, AjDiags *diags, GError **error)
{
    g_autofree char *folder = aj_theme_find(".", NULL, "lua-filters", "quiz");
    if (!folder) {
        g_set_error(error, AJ_FS_ERROR, AJ_FS_ERROR_NOT_FOUND, "%s",
                    AJ_TR("找不到 lua-filters/quiz；设置 ANJIAN_DATA 指向安鉴的数据文件夹",
                          "no lua-filters/quiz; set ANJIAN_DATA to anjian's data folder"));
        return NULL;
    }
    AjQuizpage *reader = g_new0(AjQuizpage, 1);
    reader->arena = aj_arena_new(1 << 16);
    reader->page = aj_arena_strdup(reader->arena, page);
    reader->view.root = aj_arena_strdup(reader->arena, root);
    aj_filterset_host(&reader->host, &reader->view);
    if (aj_filterset_load(reader->arena, folder, "quiz", "lua-filters/quiz/quiz.lua",
                          &reader->source, error))
        reader->box = aj_luabox_new(&reader->source, 1, &reader->host, diags);
    if (!reader->box) {
        aj_quizpage_free(reader);
        return NULL;
    }
    return reader;
}

void aj_quizpage_free(AjQuizpage *reader)
{
    if (!reader)
        return;
    aj_luabox_free(reader->box);
    aj_arena_free(reader->arena);
    g_free(reader->questions);
    g_free(reader);
}

void aj_quizpage_set_defaults(AjQuizpage *reader, const AjValue *defaults)
{
    reader->defaults = defaults;
}

const char *aj_quizpage_questions(const AjQuizpage *reader)
{
    return reader->questions ? reader->questions : "";
}

/* Nobody sees the HTML: the model has the texts. */
static void draw_nothing(cmark_node *node, bool inlines, GString *out, void *data)
{
    (void)node;
    (void)inlines;
    (void)out;
    (void)data;
}

bool aj_quizpage_read(AjQuizpage *reader, AjArena *a, const char *bytes, size_t len,
                      const char *path, AjQuiz *quiz_out, AjDiags *diags)
{
    AjFrontmatter front;
    AjValue *meta = NULL;
    uint32_t before = aj_diags_count(diags, AJ_ERROR);
    *quiz_out = (AjQuiz){0};
    aj_tree_use_arena(a);
    if (len >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0) {
        bytes += 3;
        len -= 3;
    }
    if (!aj_frontmatter_parse(a, bytes, len, path, &front, diags) ||
        !aj_schema_apply(a, aj_schema_kind(front.map, AJ_KIND_QUIZ), NULL, front.map, false, path,
                         &meta, diags))
        return false;
    const AjValue *declared = aj_value_get(meta, "quiz");
    if (!declared || declared->type != AJ_VALUE_STRING)
        aj_value_set_string(a, meta, "quiz", "");
    AjMarkdownOptions options = {path, front.body_line, true};
    AjTree *tree = aj_markdown_parse(a, bytes + front.body, len - front.body, &options, diags);
    AjLuaDocument doc = {.page = reader->page, .tree = tree, .meta = &meta};
    if (!tree || !aj_luabox_run(reader->box, &doc, diags))
        return false;
    AjValue *value =
        aj_quizblock_fold(a, tree, meta, reader->defaults, path, draw_nothing, NULL, diags);
    if (value) {
        g_free(reader->questions);
        reader->questions = g_strdup(aj_quizdata_hash(a, value));
        aj_quizvalue_read(a, value, path, false, quiz_out, diags);
    }
    bool whole = aj_diags_count(diags, AJ_ERROR) == before;
    return aj_quizcheck_rest(quiz_out, path, whole, diags) && whole;
}
