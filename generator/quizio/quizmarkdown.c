/* quizmarkdown - a quiz to 题目 Markdown, as people write it by hand.
 *
 * Must not know: how Markdown is read, files. */
#include "quizio/quizmarkdown.h"

#include <string.h>

/* ------------------------------------------------------------------ escapes */

static bool word_byte(char c)
{
    return g_ascii_isalnum(c) || (unsigned char)c >= 0x80;
}

/* Would `p` with what follows begin a block of its own? The length to step over before the mark
 * that has to be escaped, else -1. */
static int block_mark(const char *p, size_t len)
{
    size_t digits = 0;
    while (digits < len && digits < 9 && g_ascii_isdigit(p[digits]))
        digits++;
    if (digits && digits < len && (p[digits] == '.' || p[digits] == ')'))
        return digits + 1 == len || p[digits + 1] == ' ' ? (int)digits : -1;
    if (len && strchr("#+=>:", *p))
        return 0;
    return len && *p == '-' ? 0 : -1;
}

/* One line of plain text as inlines. `bar`: it stands in a table. */
static void put_inline(GString *out, const char *s, size_t len, bool bar, bool line_start)
{
    int mark = line_start ? block_mark(s, len) : -1;
    for (size_t i = 0; i < len; i++) {
        char c = s[i];
        bool inside = i && i + 1 < len && word_byte(s[i - 1]) && word_byte(s[i + 1]);
        bool escape = (c && strchr("\\`*[]<~{", c)) || (c == '_' && !inside) ||
                      (c == '&' && i + 1 < len && s[i + 1] != ' ') || (c == '|' && bar) ||
                      (c == '#' && (i + 1 == len || (i && (s[i - 1] == ' ' || s[i - 1] == '#')))) ||
                      (mark >= 0 && i == (size_t)mark);
        if (c == '\t' || c == '\r')
            c = ' ';
        if (escape)
            g_string_append_c(out, '\\');
        g_string_append_c(out, c);
    }
}

/* The next line of a text, blanks at its ends off; false when there is none. */
static bool next_line(const char **at, const char **line_out, size_t *len_out)
{
    while (*at && **at) {
        const char *end = strchrnul(*at, '\n');
        const char *from = *at;
        *at = *end ? end + 1 : end;
        while (from < end && g_ascii_isspace(*from))
            from++;
        while (end > from && g_ascii_isspace(end[-1]))
            end--;
        if (end > from) {
            *line_out = from;
            *len_out = (size_t)(end - from);
            return true;
        }
    }
    return false;
}

/* All lines as one. */
static void put_joined(GString *out, const char *text, bool bar, bool line_start)
{
    const char *line;
    size_t len;
    for (bool first = true; next_line(&text, &line, &len); first = false) {
        if (!first)
            g_string_append_c(out, ' ');
        put_inline(out, line, len, bar, first && line_start);
    }
}

/* Paragraphs, each behind `prefix` ("> ", two blanks), the first on the line that is open. */
static void put_paragraphs(GString *out, const char *text, const char *prefix)
{
    const char *line;
    size_t len;
    for (bool first = true; next_line(&text, &line, &len); first = false) {
        if (!first) {
            g_string_append_c(out, '\n');
            g_string_append(out, prefix);
            while (out->str[out->len - 1] == ' ')
                g_string_truncate(out, out->len - 1);
            g_string_append_printf(out, "\n%s", prefix);
        }
        put_inline(out, line, len, false, true);
    }
    g_string_append_c(out, '\n');
}

/* ------------------------------------------------------------------ stems */

/* Runs of two and more underscores are blanks. */
static char *with_blanks(const char *stem)
{
    GString *out = g_string_new(NULL);
    for (const char *p = stem; *p;) {
        size_t run = strspn(p, "_");
        const char *wide = p;
        while (g_str_has_prefix(wide, "＿"))
            wide += strlen("＿");
        if (run >= 2 || wide > p) {
            bool held = g_str_has_suffix(out->str, "（") &&
                        g_str_has_prefix(wide > p ? wide : p + run, "）");
            g_string_append(out, held ? "　" : "（　）");
            p = wide > p ? wide : p + run;
        } else {
            g_string_append_c(out, *p++);
        }
    }
    return g_string_free(out, FALSE);
}

/* "3." or "12、" at the start would be taken for the number of the question. */
static bool begins_with_number(const char *s)
{
    size_t digits = strspn(s, "0123456789");
    const char *p = s + digits;
    return digits && digits < 4 &&
           (*p == '.' || *p == ')' || g_str_has_prefix(p, "．") || g_str_has_prefix(p, "、") ||
            g_str_has_prefix(p, "）"));
}

/* "答案：" and its kin at the start of a line of a stem would be read as a key. */
static bool reads_as_key(const char *line, size_t len)
{
    static const char *const keys[] = {"分值", "难度", "标签", "编号",     "红线",    "计分",
                                       "答案", "抽题", "解析", "参考答案", "评分要点"};
    g_autofree char *copy = g_strndup(line, len);
    g_autofree char *text = aj_quiz_fold(copy);
    for (size_t i = 0; i < G_N_ELEMENTS(keys); i++)
        if (g_str_has_prefix(text, keys[i]) &&
            *(text + strlen(keys[i]) + strspn(text + strlen(keys[i]), " ")) == ':')
            return true;
    return false;
}

static void put_key(GString *out, const char *key, const char *value, bool *open)
{
    g_string_append_printf(out, "%s%s：", *open ? "｜" : "", key);
    put_joined(out, value, false, false);
    *open = true;
}

static void put_keys(GString *out, const AjQuestion *q)
{
    bool open = false;
    g_autofree char *points = NULL;
    if (q->points != 1) {
        AjArena *a = aj_arena_new(256);
        points = g_strdup(aj_quiz_number(a, q->points));
        aj_arena_free(a);
        put_key(out, "分值", points, &open);
    }
    if (q->difficulty)
        put_key(out, "难度", q->difficulty, &open);
    if (q->tags.count) {
        g_autoptr(GString) tags = g_string_new(NULL);
        for (uint32_t i = 0; i < q->tags.count; i++)
            g_string_append_printf(tags, "%s%s", i ? "、" : "", q->tags.at[i]);
        put_key(out, "标签", tags->str, &open);
    }
    if (q->own_id)
        put_key(out, "编号", q->id, &open);
    if (q->red_line)
        put_key(out, "红线", "是", &open);
    if (q->type == AJ_QUESTION_MULTIPLE && q->half)
        put_key(out, "计分", "漏选得半", &open);
    if (open)
        g_string_append_c(out, '\n');
}

/* Heading, keys and the further paragraphs of the stem. */
static void put_head(GString *out, const AjQuestion *q, const char *level)
{
    g_autofree char *stem = with_blanks(q->stem);
    g_autoptr(GString) rest = g_string_new(NULL);
    const char *at = stem, *line;
    size_t len;
    bool in_heading = true;
    g_string_append_printf(out, "%s 【%s】", level, aj_question_type_title(q->type));
    for (bool first = true; next_line(&at, &line, &len); first = false) {
        if (first && begins_with_number(line))
            g_string_append(out, "1、 ");
        if (first) {
            put_inline(out, line, len, false, false);
            continue;
        }
        bool join = reads_as_key(line, len);
        in_heading &= join;
        GString *to = in_heading ? out : rest;
        g_string_append(to, in_heading || (join && rest->len) ? " " : "\n");
        if (!in_heading && !join && rest->len > 1)
            g_string_append_c(to, '\n');
        put_inline(to, line, len, false, !join);
    }
    g_string_append_c(out, '\n');
    put_keys(out, q);
    if (rest->len)
        g_string_append_printf(out, "%s\n", rest->str);
}

/* ------------------------------------------------------------------ bodies */

static void put_options(GString *out, const AjQuestion *q)
{
    g_string_append_c(out, '\n');
    for (uint32_t i = 0; i < q->options.count; i++) {
        const AjOption *o = &q->options.at[i];
        g_string_append_printf(out, "- [%c] ", o->correct ? 'x' : ' ');
        put_paragraphs(out, o->text, "  ");
        if (o->feedback && *o->feedback) {
            g_string_append(out, "  > ");
            put_paragraphs(out, o->feedback, "  > ");
        }
    }
}

static void put_answers(GString *out, const AjQuestion *q)
{
    AjArena *a = aj_arena_new(1024);
    g_string_append(out, "\n答案：");
    for (uint32_t i = 0; i < q->blanks.count; i++) {
        const AjBlank *blank = &q->blanks.at[i];
        if (i)
            g_string_append(out, "；");
        for (uint32_t k = 0; k < blank->count; k++) {
            const AjAnswer *answer = &blank->at[k];
            if (k)
                g_string_append(out, "｜");
            if (answer->text)
                put_joined(out, answer->text, false, false);
            else
                g_string_append_printf(out, "%s±%s", aj_quiz_number(a, answer->value),
                                       aj_quiz_number(a, answer->tolerance));
        }
    }
    g_string_append_c(out, '\n');
    aj_arena_free(a);
}

static void put_items(GString *out, const AjQuestion *q)
{
    g_string_append_c(out, '\n');
    for (uint32_t i = 0; i < q->items.count; i++) {
        g_string_append_printf(out, "%u. ", i + 1);
        put_joined(out, q->items.at[i], false, true);
        g_string_append_c(out, '\n');
    }
}

static void put_row(GString *out, const char *left, const char *right)
{
    g_string_append(out, "| ");
    put_joined(out, left, true, false);
    g_string_append(out, *left ? " | " : "| ");
    put_joined(out, right, true, false);
    g_string_append(out, " |\n");
}

static void put_match(GString *out, const AjQuestion *q)
{
    g_string_append(out, "\n| 左 | 右 |\n|---|---|\n");
    for (uint32_t i = 0; i < q->pairs.count; i++)
        put_row(out, q->pairs.at[i].left, q->pairs.at[i].right);
    for (uint32_t i = 0; i < q->distractors.count; i++)
        put_row(out, "", q->distractors.at[i]);
}

static void put_node(GString *out, const AjNode *node)
{
    AjArena *a = aj_arena_new(256);
    g_string_append(out, "\n#### ");
    put_joined(out, node->name, false, false);
    g_string_append_c(out, '\n');
    if (*node->text) {
        g_string_append_c(out, '\n');
        put_paragraphs(out, node->text, "");
    }
    if (node->choices.count)
        g_string_append_c(out, '\n');
    for (uint32_t i = 0; i < node->choices.count; i++) {
        const AjChoice *c = &node->choices.at[i];
        bool plain = !strpbrk(c->to, " ()<>\\");
        g_string_append(out, "- [");
        put_joined(out, c->text, false, false);
        g_string_append_printf(out, plain ? "](#%s)" : "](<#%s>)", c->to);
        if (c->points != 0)
            g_string_append_printf(out, " （%s%s）", c->points > 0 ? "+" : "",
                                   aj_quiz_number(a, c->points));
        g_string_append_c(out, '\n');
    }
    aj_arena_free(a);
}

/* The start comes first: that is how Markdown says it. */
static void put_scenario(GString *out, const AjQuestion *q)
{
    uint32_t start = 0;
    while (start < q->nodes.count && q->start && strcmp(q->nodes.at[start].name, q->start) != 0)
        start++;
    if (start < q->nodes.count)
        put_node(out, &q->nodes.at[start]);
    for (uint32_t i = 0; i < q->nodes.count; i++)
        if (i != start)
            put_node(out, &q->nodes.at[i]);
}

static void put_short(GString *out, const AjQuestion *q)
{
    AjArena *a = aj_arena_new(256);
    if (q->reference) {
        g_string_append(out, "\n> 参考答案：");
        put_paragraphs(out, q->reference, "> ");
    }
    if (q->rubric.count)
        g_string_append(out, "\n评分要点：\n\n");
    for (uint32_t i = 0; i < q->rubric.count; i++) {
        g_string_append(out, "- ");
        put_joined(out, q->rubric.at[i].text, false, true);
        if (q->rubric.at[i].points != 0)
            g_string_append_printf(out, " （%s分）", aj_quiz_number(a, q->rubric.at[i].points));
        g_string_append_c(out, '\n');
    }
    aj_arena_free(a);
}

static void put_explanation(GString *out, const AjQuestion *q)
{
    if (!q->explanation || !*q->explanation)
        return;
    g_string_append(out, "\n> 解析：");
    put_paragraphs(out, q->explanation, "> ");
}

static void put_question(GString *out, const AjQuestion *q)
{
    if (out->len)
        g_string_append_c(out, '\n');
    put_head(out, q, "###");
    switch (q->type) {
    case AJ_QUESTION_SINGLE:
    case AJ_QUESTION_MULTIPLE:
        put_options(out, q);
        break;
    case AJ_QUESTION_TRUEFALSE:
        g_string_append_printf(out, "\n答案：%s\n", q->untold ? "" : q->truth ? "对" : "错");
        break;
    case AJ_QUESTION_FILL:
        put_answers(out, q);
        break;
    case AJ_QUESTION_ORDER:
        put_items(out, q);
        break;
    case AJ_QUESTION_MATCH:
        put_match(out, q);
        break;
    case AJ_QUESTION_SCENARIO:
        /* before the nodes: below them it would belong to the last */
        put_explanation(out, q);
        put_scenario(out, q);
        return;
    case AJ_QUESTION_SHORT:
        put_short(out, q);
        break;
    case AJ_QUESTION_TYPES:
        g_assert_not_reached();
    }
    put_explanation(out, q);
}

/* ------------------------------------------------------------------ the page */

/* A title that YAML would not take for anything else, else in quotes. */
static void put_title(GString *out, const char *title)
{
    bool plain = g_unichar_iswide(g_utf8_get_char(title));
    for (const char *p = title; *p && plain; p++)
        plain = g_ascii_isalnum(*p) || (unsigned char)*p >= 0x80;
    if (plain) {
        g_string_append(out, title);
        return;
    }
    g_string_append_c(out, '"');
    for (const char *p = title; *p; p++) {
        if (*p == '"' || *p == '\\')
            g_string_append_c(out, '\\');
        g_string_append_c(out, (unsigned char)*p < ' ' ? ' ' : *p);
    }
    g_string_append_c(out, '"');
}

static void put_front(GString *out, const AjQuiz *quiz)
{
    g_string_append(out, "---\n测验: ");
    if (quiz->title && *quiz->title)
        put_title(out, quiz->title);
    else
        g_string_append(out, "true");
    g_string_append_c(out, '\n');
    if (quiz->pass)
        g_string_append_printf(out, "及格线: %" G_GINT64_FORMAT "\n", quiz->pass);
    if (quiz->pick)
        g_string_append_printf(out, "抽题: %" G_GINT64_FORMAT "\n", quiz->pick);
    if (quiz->shuffle_questions || quiz->shuffle_options)
        g_string_append_printf(out, "打乱: [%s%s%s]\n", quiz->shuffle_questions ? "题目" : "",
                               quiz->shuffle_questions && quiz->shuffle_options ? ", " : "",
                               quiz->shuffle_options ? "选项" : "");
    if (quiz->attempts)
        g_string_append_printf(out, "次数: %" G_GINT64_FORMAT "\n", quiz->attempts);
    if (quiz->time_s % 60)
        g_string_append_printf(out, "限时: %" G_GINT64_FORMAT "秒\n", quiz->time_s);
    else if (quiz->time_s)
        g_string_append_printf(out, "限时: %" G_GINT64_FORMAT "分钟\n", quiz->time_s / 60);
    g_string_append(out, "---\n");
}

static bool in_pool(const AjQuestion *q, const char *name)
{
    return name ? q->pool && strcmp(q->pool, name) == 0 : !q->pool;
}

/* No blanks at the ends of lines and no two empty lines: what a question that lacks its options or
 * texts leaves. quizfmt would take them out. */
static void tighten(GString *out, size_t from)
{
    size_t to = from;
    for (size_t i = from; i < out->len; i++) {
        if (out->str[i] == '\n') {
            while (to > from && out->str[to - 1] == ' ')
                to--;
            if (to > from + 1 && out->str[to - 1] == '\n' && out->str[to - 2] == '\n')
                continue;
        }
        out->str[to++] = out->str[i];
    }
    while (to > from + 1 && out->str[to - 1] == '\n' && out->str[to - 2] == '\n')
        to--;
    g_string_truncate(out, to);
}

void aj_quizmarkdown_print(const AjQuiz *quiz, GString *out)
{
    bool first_has_none = !quiz->questions.count || !quiz->questions.at[0].pool;
    size_t from = out->len;
    put_front(out, quiz);
    for (uint32_t pool = 0; pool <= quiz->pools.count; pool++) {
        /* those without a pool come first, unless the first question has one */
        bool none = first_has_none ? pool == 0 : pool == quiz->pools.count;
        const AjPool *p = none ? NULL : &quiz->pools.at[pool - (first_has_none ? 1 : 0)];
        bool headed = false;
        if (p) {
            g_string_append(out, "\n## 题库：");
            put_joined(out, p->name, false, false);
            g_string_append_c(out, '\n');
            if (p->pick)
                g_string_append_printf(out, "抽题：%" G_GINT64_FORMAT "\n", p->pick);
        }
        for (uint32_t i = 0; i < quiz->questions.count; i++) {
            if (!in_pool(&quiz->questions.at[i], p ? p->name : NULL))
                continue;
            if (none && !first_has_none && !headed)
                g_string_append(out, "\n## 测验\n");
            headed = true;
            put_question(out, &quiz->questions.at[i]);
        }
    }
    tighten(out, from);
}
