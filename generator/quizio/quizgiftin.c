/* quizgiftin - reads GIFT, Moodle's text form of questions.
 *
 * Must not know: how GIFT is written, Markdown, files. */
#include "quizio/quizgiftin.h"

#include "quizio/quiztext.h"

#include <string.h>

typedef struct {
    AjArena *arena;
    const char *path;
    AjDiags *diags;
    AjQuiz *quiz;
    AjStrings tags;   /* of the category that is open */
    const char *text; /* of the whole file, for lines */
    const char *seen; /* line_at's last place, and its line */
    uint32_t seen_line;
    bool html; /* the question under way */
} Gift;

/* One answer: "=right#feedback", "~%50%part". */
typedef struct {
    char sign; /* '=' or '~' */
    bool weighed;
    double weight;
    const char *text, *feedback;
    uint32_t line;
} Item;

static void tell(const Gift *g, uint32_t line, const char *code, const char *hint,
                 const char *message)
{
    aj_diag(g->diags, AJ_ERROR, (AjPos){g->path, line, 0}, code, hint, "%s", message);
}

/* ------------------------------------------------------------------ reading */

/* From the place asked for last, since questions come in order. */
static uint32_t line_at(Gift *g, const char *p)
{
    if (!g->seen || p < g->seen) {
        g->seen = g->text;
        g->seen_line = 1;
    }
    for (const char *q = g->seen; (q = memchr(q, '\n', (size_t)(p - q))); q++)
        g->seen_line++;
    g->seen = p;
    return g->seen_line;
}

/* The first of `marks` that no backslash stands before; NULL when there is none. */
static const char *find_mark(const char *p, const char *end, const char *marks)
{
    for (; p < end; p++) {
        if (*p == '\\')
            p++;
        else if (strchr(marks, *p))
            return p;
    }
    return NULL;
}

static const char *find_word(const char *p, const char *end, const char *word)
{
    size_t len = strlen(word);
    for (; p < end; p++) {
        if (*p == '\\')
            p++;
        else if ((size_t)(end - p) >= len && memcmp(p, word, len) == 0)
            return p;
    }
    return NULL;
}

/* Tags off, line ends for paragraphs, the common entities: what Moodle writes as [html]. */
static void strip_html(GString *s)
{
    static const struct {
        const char *name, *text;
    } entities[] = {{"&lt;", "<"},  {"&gt;", ">"},  {"&nbsp;", " "},  {"&quot;", "\""},
                    {"&#39;", "'"}, {"&amp;", "&"}, {"&ldquo;", "“"}, {"&rdquo;", "”"}};
    g_autofree char *from = g_strdup(s->str);
    g_string_truncate(s, 0);
    for (const char *p = from; *p;) {
        const char *close = *p == '<' ? strchr(p, '>') : NULL;
        if (close && (g_ascii_isalpha(p[1]) || p[1] == '/' || p[1] == '!')) {
            if (g_ascii_strncasecmp(p, "<br", 3) == 0 || g_ascii_strncasecmp(p, "</p", 3) == 0 ||
                g_ascii_strncasecmp(p, "</div", 5) == 0)
                g_string_append_c(s, '\n');
            p = close + 1;
            continue;
        }
        size_t i = 0;
        while (i < G_N_ELEMENTS(entities) && !g_str_has_prefix(p, entities[i].name))
            i++;
        if (i < G_N_ELEMENTS(entities)) {
            g_string_append(s, entities[i].text);
            p += strlen(entities[i].name);
        } else {
            g_string_append_c(s, *p++);
        }
    }
}

/* Escapes undone, line ends of the file are blanks, blanks at the ends off. */
static const char *plain(const Gift *g, const char *p, const char *end)
{
    g_autoptr(GString) out = g_string_new(NULL);
    for (; p < end; p++) {
        if (*p == '\\' && p + 1 < end) {
            p++;
            if (*p == 'n')
                g_string_append_c(out, '\n');
            else if (strchr("~=#{}:\\", *p))
                g_string_append_c(out, *p);
            else
                g_string_append_printf(out, "\\%c", *p);
        } else {
            g_string_append_c(out, *p == '\n' ? ' ' : *p);
        }
    }
    if (g->html)
        strip_html(out);
    return aj_quiztext_trim(g->arena, out->str, out->len);
}

/* "[html]" and its kin in front of a text. */
static const char *skip_format(Gift *g, const char *p, const char *end)
{
    static const char *const formats[] = {"[html]", "[markdown]", "[plain]", "[moodle]"};
    while (p < end && g_ascii_isspace(*p))
        p++;
    for (size_t i = 0; i < G_N_ELEMENTS(formats); i++)
        if ((size_t)(end - p) >= strlen(formats[i]) &&
            memcmp(p, formats[i], strlen(formats[i])) == 0) {
            g->html |= i == 0;
            return p + strlen(formats[i]);
        }
    return p;
}

static Item read_item(Gift *g, const char *p, const char *end)
{
    Item item = {.sign = *p, .line = line_at(g, p)};
    p++;
    while (p < end && g_ascii_isspace(*p))
        p++;
    const char *percent = p < end && *p == '%' ? memchr(p + 1, '%', (size_t)(end - p - 1)) : NULL;
    if (percent) {
        g_autofree char *number = g_strndup(p + 1, (gsize)(percent - p - 1));
        char *stop;
        item.weight = g_ascii_strtod(number, &stop);
        item.weighed = stop != number && !*stop;
        if (item.weighed)
            p = percent + 1;
    }
    const char *hash = find_mark(p, end, "#");
    p = skip_format(g, p, end);
    item.text = plain(g, p, hash ? hash : end);
    item.feedback = hash ? plain(g, skip_format(g, hash + 1, end), end) : "";
    return item;
}

/* 10:0.5, 1..5 or 10, as "value±tolerance"; false when it is none of them. */
static bool read_number(Gift *g, AjBlank *blank, const char *text)
{
    char *stop;
    double value = g_ascii_strtod(text, &stop), tolerance = 0;
    bool good = stop != text;
    if (good && g_str_has_prefix(stop, "..")) {
        char *last;
        double top = g_ascii_strtod(stop + 2, &last);
        good = last != stop + 2 && top >= value;
        tolerance = (top - value) / 2;
        value = (value + top) / 2;
        stop = last;
    } else if (good && *stop == ':') {
        char *last;
        tolerance = g_ascii_strtod(stop + 1, &last);
        good = last != stop + 1 && tolerance >= 0;
        stop = last;
    }
    if (!good || stop[strspn(stop, " ")])
        return false;
    if (tolerance > 0)
        *aj_quiz_push(g->arena, blank) = (AjAnswer){NULL, value, tolerance};
    else
        aj_quiz_push(g->arena, blank)->text = aj_quiz_number(g->arena, value);
    return true;
}

static void need_blank(Gift *g, AjQuestion *q)
{
    if (!aj_quiz_blanks(q->stem))
        q->stem = aj_arena_printf(g->arena, "%s（　）", q->stem);
}

static void read_numeric(Gift *g, AjQuestion *q, const char *p, const char *end)
{
    q->type = AJ_QUESTION_FILL;
    need_blank(g, q);
    AjBlank *blank = aj_quiz_push(g->arena, &q->blanks);
    while (p < end) {
        const char *next = find_mark(p + 1, end, "=~");
        next = next ? next : end;
        const char *from = *p == '=' || *p == '~' ? p : NULL;
        Item item = {.sign = '=', .weight = 100, .line = line_at(g, p)};
        if (from) {
            item = read_item(g, from, next);
        } else {
            const char *hash = find_mark(p, next, "#");
            item.text = plain(g, p, hash ? hash : next);
        }
        if (*item.text && (!item.weighed || item.weight > 0) && !read_number(g, blank, item.text))
            tell(g, item.line, "quiz-gift-number",
                 AJ_TR("写成 {#10:0.5} 或 {#9..11}", "write {#10:0.5} or {#9..11}"),
                 AJ_TR("看不懂这个数", "this is no number"));
        p = next;
    }
}

static void read_pairs(Gift *g, AjQuestion *q, const GArray *items)
{
    q->type = AJ_QUESTION_MATCH;
    for (guint i = 0; i < items->len; i++) {
        const Item *item = &g_array_index(items, Item, i);
        const char *arrow = strstr(item->text, "->");
        if (!arrow) {
            tell(g, item->line, "quiz-gift-answer", AJ_TR("写成 =左 -> 右", "write =left -> right"),
                 AJ_TR("匹配题里这一项没有 ->", "a pair without ->"));
            continue;
        }
        const char *left = aj_quiztext_trim(g->arena, item->text, (size_t)(arrow - item->text));
        const char *right = aj_quiztext_trim(g->arena, arrow + 2, strlen(arrow + 2));
        if (*left)
            *aj_quiz_push(g->arena, &q->pairs) = (AjPair){left, right, item->line};
        else
            aj_quiz_push_string(g->arena, &q->distractors, right);
    }
}

static void read_fill(Gift *g, AjQuestion *q, const GArray *items)
{
    q->type = AJ_QUESTION_FILL;
    q->stem = aj_quiztext_blanks(g->arena, q->stem);
    need_blank(g, q);
    if (items->len == 1 && aj_quiz_blanks(q->stem) > 1) {
        aj_quiztext_answers(g->arena, q, g_array_index(items, Item, 0).text);
        return;
    }
    AjBlank *blank = aj_quiz_push(g->arena, &q->blanks);
    for (guint i = 0; i < items->len; i++) {
        const Item *item = &g_array_index(items, Item, i);
        if (item->weighed && item->weight < 100)
            tell(g, item->line, "quiz-gift-weight",
                 AJ_TR("只留全对的写法", "keep the answers that are right"),
                 AJ_TR("填空的答案只有对和错，这个写法没有读入",
                       "an answer to a blank is right or wrong; this one is left out"));
        else
            aj_quiz_push_answer(g->arena, blank, item->text);
    }
}

static void read_choice(Gift *g, AjQuestion *q, const GArray *items)
{
    double first = 0;
    uint32_t equals = 0, positive = 0;
    bool uneven = false;
    for (guint i = 0; i < items->len; i++) {
        const Item *item = &g_array_index(items, Item, i);
        equals += item->sign == '=';
        if (item->weighed && item->weight > 0 && item->weight < 100) {
            uneven |= positive && item->weight != first;
            first = item->weight;
            positive++;
        }
    }
    q->type = positive || equals > 1 ? AJ_QUESTION_MULTIPLE : AJ_QUESTION_SINGLE;
    for (guint i = 0; i < items->len; i++) {
        const Item *item = &g_array_index(items, Item, i);
        AjOption *o = aj_quiz_push(g->arena, &q->options);
        o->text = item->text;
        o->feedback = *item->feedback ? item->feedback : NULL;
        o->correct = item->sign == '=' || (item->weighed && item->weight > 0);
        o->line = item->line;
    }
    if (uneven || (positive && equals))
        aj_diag(g->diags, AJ_WARNING, (AjPos){g->path, q->line, 0}, "quiz-gift-weight",
                AJ_TR("需要时写 计分：漏选得半", "write 计分：漏选得半 where it is wanted"), "%s",
                AJ_TR("各选项的百分比不同，只读入了对和错",
                      "the weights differ; only right and wrong are kept"));
}

static bool read_truth(Gift *g, AjQuestion *q, const char *p, const char *end)
{
    const char *hash = find_mark(p, end, "#");
    const char *word = plain(g, p, hash ? hash : end);
    static const char *const right[] = {"T", "TRUE"}, *const wrong[] = {"F", "FALSE"};
    bool known = false;
    for (size_t i = 0; i < 2; i++) {
        if (g_ascii_strcasecmp(word, right[i]) == 0)
            known = q->truth = true;
        if (g_ascii_strcasecmp(word, wrong[i]) == 0)
            known = true;
    }
    if (!known)
        return false;
    q->type = AJ_QUESTION_TRUEFALSE;
    if (hash && !q->explanation) { /* the first feedback is for a wrong answer */
        const char *next = find_mark(hash + 1, end, "#");
        const char *said = plain(g, hash + 1, next ? next : end);
        if (!*said && next)
            said = plain(g, next + 1, end);
        q->explanation = *said ? said : NULL;
    }
    return true;
}

static void read_essay(Gift *g, AjQuestion *q)
{
    static const char label[] = "参考答案：", more[] = "\n解析：";
    q->type = AJ_QUESTION_SHORT;
    if (!q->explanation || !g_str_has_prefix(q->explanation, label))
        return;
    const char *from = q->explanation + strlen(label), *cut = strstr(from, more);
    q->reference = aj_arena_strndup(g->arena, from, cut ? (size_t)(cut - from) : strlen(from));
    q->explanation = cut ? aj_arena_strdup(g->arena, cut + strlen(more)) : NULL;
}

static void read_answers(Gift *g, AjQuestion *q, const char *p, const char *end)
{
    const char *general = find_word(p, end, "####");
    if (general) {
        const char *said = plain(g, skip_format(g, general + 4, end), end);
        q->explanation = *said ? said : NULL;
        end = general;
    }
    while (p < end && g_ascii_isspace(*p))
        p++;
    if (p == end) {
        read_essay(g, q);
        return;
    }
    if (*p == '#') {
        do
            p++;
        while (p < end && g_ascii_isspace(*p));
        read_numeric(g, q, p, end);
        return;
    }
    const char *first = find_mark(p, end, "=~");
    if (first != p) {
        if (!read_truth(g, q, p, end))
            tell(g, line_at(g, p), "quiz-gift-answer",
                 AJ_TR("答案以 = 或 ~ 开头，判断写 T 或 F",
                       "begin answers with = or ~; T or F for true and false"),
                 AJ_TR("看不懂花括号里的答案", "the answers in braces make no sense"));
        return;
    }
    g_autoptr(GArray) items = g_array_new(FALSE, FALSE, sizeof(Item));
    bool wrong = false, arrow = true;
    while (p < end) {
        const char *next = find_mark(p + 1, end, "=~");
        /* an = in the weight or behind -> is none: only those after a blank or a line begin */
        Item item = read_item(g, p, next ? next : end);
        wrong |= item.sign == '~';
        arrow &= strstr(item.text, "->") != NULL;
        g_array_append_val(items, item);
        p = next ? next : end;
    }
    if (wrong)
        read_choice(g, q, items);
    else if (arrow)
        read_pairs(g, q, items);
    else
        read_fill(g, q, items);
}

/* Moodle names questions after their stem when nobody has; others may hold blanks. */
static void read_name(Gift *g, AjQuestion *q, const char *p, const char *end)
{
    char *name = (char *)plain(g, p, end);
    if (!*name || strcmp(name, q->stem) == 0)
        return;
    for (char *c = name; *c; c++)
        if (g_ascii_isspace(*c) || *c == '|')
            *c = '-';
    q->id = name;
    q->own_id = true;
}

static void read_category(Gift *g, const char *p, const char *end)
{
    g->tags = (AjStrings){0};
    g_autofree char *path = g_strdup(plain(g, p, end));
    g_auto(GStrv) parts = g_strsplit(path, "/", -1);
    for (char **part = parts; *part; part++) {
        g_strstrip(*part);
        if (**part && **part != '$' && strcmp(*part, "top") != 0)
            aj_quiz_push_string(g->arena, &g->tags, *part);
    }
}

/* Where a question begins that has no empty line before it; NULL when the paragraph is done. */
static const char *read_question(Gift *g, const char *p, const char *end)
{
    while (p < end && g_ascii_isspace(*p))
        p++;
    const char *name = NULL, *name_end = NULL;
    uint32_t line = line_at(g, p);
    g->html = false;
    if (end - p > 2 && p[0] == ':' && p[1] == ':' && (name_end = find_word(p + 2, end, "::"))) {
        name = p + 2;
        p = name_end + 2;
    }
    p = skip_format(g, p, end);
    const char *open = find_mark(p, end, "{"), *close = open ? find_mark(open + 1, end, "}") : NULL;
    if (!open && !find_mark(p, end, "}")) {
        tell(g, line, "quiz-line-unread",
             AJ_TR("题目后面要有 {…}", "a question needs its answers in braces"),
             AJ_TR("这一段没有花括号，没有读入", "a paragraph without braces, left out"));
        return NULL;
    }
    if (!close) {
        tell(g, line, "quiz-gift-brace",
             AJ_TR("补上花括号；文字里的写 \\{ \\}", "close it; write \\{ \\} in texts"),
             AJ_TR("花括号没有配对，这道题没有读入",
                   "braces do not match; the question is left out"));
        return NULL;
    }
    /* Some files have no empty line between two questions: the second is one of its own. */
    const char *second = find_mark(close + 1, end, "{"), *rest = NULL;
    if (second) {
        const char *from = memrchr(close, '\n', (size_t)(second - close));
        if (!from)
            tell(g, line_at(g, second), "quiz-gift-brace",
                 AJ_TR("两道题之间空一行", "leave an empty line between questions"),
                 AJ_TR("一道题有两对花括号，后面的没有读入",
                       "two pairs of braces; the second is left out"));
        rest = from ? from : NULL;
    }
    if (second)
        end = rest ? rest : close + 1;
    AjQuestion *q = aj_quiz_question(g->arena, g->quiz, line);
    const char *before = plain(g, p, open), *after = plain(g, close + 1, end);
    q->stem = *after ? aj_arena_printf(g->arena, "%s（　）%s", before, after) : before;
    if (name)
        read_name(g, q, name, name_end);
    for (uint32_t i = 0; i < g->tags.count; i++)
        aj_quiz_push_string(g->arena, &q->tags, g->tags.at[i]);
    read_answers(g, q, open + 1, close);
    return rest;
}

static void read_paragraph(Gift *g, const char *p, const char *end)
{
    while (p)
        p = read_question(g, p, end);
}

bool aj_quizgiftin_parse(AjArena *a, const char *bytes, size_t len, const char *path,
                         AjQuiz *quiz_out, AjDiags *diags)
{
    size_t size;
    *quiz_out = (AjQuiz){0};
    const char *text = aj_quiztext_decode(a, bytes, len, path, &size, diags);
    if (!text)
        return false;
    Gift g = {.arena = a, .path = path, .diags = diags, .quiz = quiz_out, .text = text};
    const char *from = NULL, *end = text + size;
    /* comments become blanks, so that offsets and lines stay */
    char *work = (char *)text;
    for (char *p = work; p < end;) {
        char *stop = memchr(p, '\n', (size_t)(end - p));
        stop = stop ? stop : work + size;
        char *first = p;
        while (first < stop && g_ascii_isspace(*first))
            first++;
        bool comment = stop - first >= 2 && first[0] == '/' && first[1] == '/';
        bool category = stop - first > 10 && memcmp(first, "$CATEGORY:", 10) == 0;
        if (comment)
            memset(first, ' ', (size_t)(stop - first));
        if ((first == stop || category) && from) {
            read_paragraph(&g, from, p);
            from = NULL;
        }
        if (category)
            read_category(&g, first + 10, stop);
        else if (first < stop && !comment && !from)
            from = first;
        p = stop < end ? stop + 1 : stop;
        if (p == end && stop == end)
            break;
    }
    if (from)
        read_paragraph(&g, from, end);
    aj_quiz_settle(a, quiz_out);
    return true;
}
