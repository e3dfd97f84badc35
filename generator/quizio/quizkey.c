/* quizkey - the two parts of a paper that are not the exam: the key and the answer sheet.
 *
 * Must not know: how parts are framed (quizio/quizpaper), files. */
#include "quizio/quizkey.h"

#include "base/text.h"

#include <string.h>

enum { BRIEF_ROW = 10, PATH_STEPS = 20000, SHORT_LINES = 4, LONG_LINES = 8 };

const char *aj_quizkey_letter(AjArena *a, uint32_t n)
{
    return n < 26 ? aj_arena_printf(a, "%c", 'A' + (int)n)
                  : aj_arena_printf(a, "%c%c", 'A' + (int)(n / 26 - 1), 'A' + (int)(n % 26));
}

void aj_quizkey_put(GString *out, const char *text)
{
    for (const char *p = text ? text : ""; *p;) {
        size_t len = strcspn(p, "\n");
        aj_escape_text(out, p, len);
        p += len;
        if (*p == '\n') {
            g_string_append(out, "<br>");
            p++;
        }
    }
}

uint32_t aj_quizkey_node(const AjQuestion *q, const char *name)
{
    for (uint32_t i = 0; i < q->nodes.count; i++)
        if (g_strcmp0(q->nodes.at[i].name, name) == 0)
            return i + 1;
    return 1;
}

static const AjQuestion *question_of(const AjPaper *p, uint32_t n)
{
    return &p->quiz->questions.at[p->drawn.at[n].index];
}

/* ------------------------------------------------------------------ what is right */

/* The place, counted from 0, at which choice `index` stands on the paper. */
static uint32_t place_of(const AjDrawn *d, uint32_t index)
{
    for (uint32_t k = 0; k < d->choices; k++)
        if (d->order[k] == index)
            return k;
    return 0;
}

/* The best way to an ending that enters no node twice, as the player reckons it. */
typedef struct {
    const AjQuestion *q;
    uint32_t *way, *best_way; /* choice taken at each step */
    uint32_t best_len;
    bool *seen, found;
    double best;
    unsigned steps;
} Ways;

static bool find_way(Ways *w, uint32_t node, uint32_t len, double sum)
{
    const AjNode *n = &w->q->nodes.at[node];
    if (++w->steps > PATH_STEPS)
        return false;
    if (!n->choices.count) {
        if (!w->found || sum > w->best) {
            w->best = sum;
            w->best_len = len;
            memcpy(w->best_way, w->way, len * sizeof *w->way);
        }
        w->found = true;
        return true;
    }
    bool go_on = true;
    w->seen[node] = true;
    for (uint32_t i = 0; i < n->choices.count && go_on; i++) {
        uint32_t to = aj_quizkey_node(w->q, n->choices.at[i].to) - 1;
        w->way[len] = i;
        if (!w->seen[to])
            go_on = find_way(w, to, len + 1, sum + n->choices.at[i].points);
    }
    w->seen[node] = false;
    return go_on;
}

static void put_way(const AjPaper *p, const AjQuestion *q, GString *out)
{
    size_t room = q->nodes.count + 1;
    Ways w = {.q = q,
              .way = aj_arena_alloc(p->arena, room * sizeof *w.way),
              .best_way = aj_arena_alloc(p->arena, room * sizeof *w.best_way),
              .seen = aj_arena_alloc(p->arena, room)};
    if (q->nodes.count)
        find_way(&w, 0, 0, 0);
    uint32_t at = 0;
    for (uint32_t i = 0; i < w.best_len; i++) {
        g_string_append_printf(out, "%s%u%s", i ? " → " : "", at + 1,
                               aj_quizkey_letter(p->arena, w.best_way[i]));
        at = aj_quizkey_node(q, q->nodes.at[at].choices.at[w.best_way[i]].to) - 1;
    }
}

static const char *answer_text(AjArena *a, const AjAnswer *answer)
{
    if (answer->text)
        return answer->text;
    return aj_arena_printf(a, "%s±%s", aj_quiz_number(a, answer->value),
                           aj_quiz_number(a, answer->tolerance));
}

/* In one line. `brief`: letters alone, for the table at the top; "" where letters do not do. */
static void put_answer(const AjPaper *p, uint32_t n, bool brief, GString *out)
{
    const AjDrawn *d = &p->drawn.at[n];
    const AjQuestion *q = question_of(p, n);
    AjStrings rights = {0};
    switch (q->type) {
    case AJ_QUESTION_SINGLE:
    case AJ_QUESTION_MULTIPLE:
        for (uint32_t k = 0; k < d->choices; k++)
            if (q->options.at[d->order[k]].correct)
                g_string_append(out, aj_quizkey_letter(p->arena, k));
        break;
    case AJ_QUESTION_TRUEFALSE:
        g_string_append(out, q->truth ? "对" : "错");
        break;
    case AJ_QUESTION_FILL:
        for (uint32_t i = 0; !brief && i < q->blanks.count; i++) {
            if (q->blanks.count > 1)
                g_string_append_printf(out, "%s(%u) ", i ? "　" : "", i + 1);
            for (uint32_t k = 0; k < q->blanks.at[i].count; k++) {
                g_string_append(out, k ? " 或 " : "");
                aj_quizkey_put(out, answer_text(p->arena, &q->blanks.at[i].at[k]));
            }
        }
        break;
    case AJ_QUESTION_ORDER:
        for (uint32_t i = 0; i < q->items.count; i++)
            g_string_append_printf(out, "%s%s", i && !brief ? " → " : "",
                                   aj_quizkey_letter(p->arena, place_of(d, i)));
        break;
    case AJ_QUESTION_MATCH:
        aj_quizdraw_rights(p->arena, q, &rights);
        for (uint32_t i = 0; i < q->pairs.count; i++)
            for (uint32_t k = 0; k < rights.count; k++)
                if (strcmp(rights.at[k], q->pairs.at[i].right) == 0)
                    g_string_append_printf(out, "%s%u%s", i ? (brief ? " " : "　") : "", i + 1,
                                           aj_quizkey_letter(p->arena, place_of(d, k)));
        break;
    case AJ_QUESTION_SCENARIO:
        if (!brief)
            put_way(p, q, out);
        break;
    case AJ_QUESTION_SHORT:
        if (!brief)
            aj_quizkey_put(out, q->reference);
        break;
    case AJ_QUESTION_TYPES:
        break;
    }
}

/* ------------------------------------------------------------------ the key */

static void put_share(GString *out, const char *each, uint32_t count)
{
    if (count > 1)
        g_string_append_printf(out, "<p class=\"rule\">%s占本题分值的 1/%u。</p>\n", each, count);
}

/* How much a part of the answer is worth: as the player grades. */
static void put_rule(const AjPaper *p, const AjQuestion *q, GString *out)
{
    switch (q->type) {
    case AJ_QUESTION_MULTIPLE:
        g_string_append(out, q->half ? "<p class=\"rule\">漏选得一半，选错不得分。</p>\n"
                                     : "<p class=\"rule\">全对才得分。</p>\n");
        break;
    case AJ_QUESTION_FILL:
        put_share(out, "每空", q->blanks.count);
        break;
    case AJ_QUESTION_ORDER:
        put_share(out, "每个位置", q->items.count);
        break;
    case AJ_QUESTION_MATCH:
        put_share(out, "每行", q->pairs.count);
        break;
    case AJ_QUESTION_SCENARIO:
        g_string_append(out, "<ul class=\"notes\">\n");
        for (uint32_t i = 0; i < q->nodes.count; i++)
            for (uint32_t k = 0; k < q->nodes.at[i].choices.count; k++) {
                const AjChoice *c = &q->nodes.at[i].choices.at[k];
                g_string_append_printf(out, "<li>%u%s ", i + 1, aj_quizkey_letter(p->arena, k));
                aj_quizkey_put(out, c->text);
                g_string_append_printf(
                    out, "：%s%s 点，到第 %u 步</li>\n", c->points > 0 ? "+" : "",
                    aj_quiz_number(p->arena, c->points), aj_quizkey_node(q, c->to));
            }
        g_string_append(out, "</ul>\n<p class=\"rule\">走到结局才算；得分 = 本题分值 × 所得点数 ÷ "
                             "最好走法的点数。</p>\n");
        break;
    case AJ_QUESTION_SHORT:
        if (q->rubric.count)
            g_string_append(out, "<p class=\"rule\">评分要点：</p>\n<ul class=\"notes\">\n");
        for (uint32_t i = 0; i < q->rubric.count; i++) {
            g_string_append(out, "<li>");
            aj_quizkey_put(out, q->rubric.at[i].text);
            if (q->rubric.at[i].points > 0)
                g_string_append_printf(out, "（%s 分）",
                                       aj_quiz_number(p->arena, q->rubric.at[i].points));
            g_string_append(out, "</li>\n");
        }
        g_string_append(out, q->rubric.count ? "</ul>\n" : "");
        break;
    default:
        break;
    }
}

/* The words of what the letters stand for, and what each choice is told. */
static void put_choices(const AjPaper *p, uint32_t n, GString *out)
{
    const AjDrawn *d = &p->drawn.at[n];
    const AjQuestion *q = question_of(p, n);
    if (!q->options.count)
        return;
    g_string_append(out, "<ul class=\"notes\">\n");
    for (uint32_t k = 0; k < d->choices; k++) {
        const AjOption *o = &q->options.at[d->order[k]];
        if (!o->correct && !o->feedback)
            continue;
        g_string_append_printf(out, "<li>%s %s ", o->correct ? "✓" : "✗",
                               aj_quizkey_letter(p->arena, k));
        aj_quizkey_put(out, o->text);
        if (o->feedback) {
            g_string_append(out, "：");
            aj_quizkey_put(out, o->feedback);
        }
        g_string_append(out, "</li>\n");
    }
    g_string_append(out, "</ul>\n");
}

/* Letters by number: what a grader lays beside a sheet. */
static void put_brief(const AjPaper *p, GString *out)
{
    g_string_append(out, "<table class=\"brief\"><tbody>\n");
    for (uint32_t from = 0; from < p->drawn.count; from += BRIEF_ROW) {
        g_string_append(out, "<tr><th scope=\"row\">题号</th>");
        for (uint32_t i = from; i < from + BRIEF_ROW; i++)
            if (i < p->drawn.count)
                g_string_append_printf(out, "<td>%u</td>", i + 1);
            else
                g_string_append(out, "<td></td>");
        g_string_append(out, "</tr>\n<tr><th scope=\"row\">答案</th>");
        for (uint32_t i = from; i < from + BRIEF_ROW; i++) {
            g_autoptr(GString) answer = g_string_new(NULL);
            if (i < p->drawn.count)
                put_answer(p, i, true, answer);
            bool below = i < p->drawn.count && !answer->len;
            g_string_append_printf(out, "<td>%s</td>", below ? "见下" : answer->str);
        }
        g_string_append(out, "</tr>\n");
    }
    g_string_append(out, "</tbody></table>\n");
}

void aj_quizkey_key(const AjPaper *paper, GString *out)
{
    put_brief(paper, out);
    for (uint32_t i = 0; i < paper->drawn.count; i++) {
        const AjQuestion *q = question_of(paper, i);
        g_string_append_printf(out, "<div class=\"k\">\n<p><b class=\"no\">%u.</b> 【%s】 <strong>",
                               i + 1, aj_question_type_title(q->type));
        put_answer(paper, i, false, out);
        g_string_append_printf(out, "</strong> <span class=\"pts\">（%s 分）%s</span>",
                               aj_quiz_number(paper->arena, q->points),
                               q->red_line ? " 红线题" : "");
        if (q->own_id) {
            g_string_append(out, " <span class=\"id\">");
            aj_quizkey_put(out, q->id);
            g_string_append(out, "</span>");
        }
        g_string_append(out, "</p>\n");
        put_choices(paper, i, out);
        put_rule(paper, q, out);
        if (q->explanation) {
            g_string_append(out, "<p class=\"why\">解析：");
            aj_quizkey_put(out, q->explanation);
            g_string_append(out, "</p>\n");
        }
        g_string_append(out, "</div>\n");
    }
}

/* ------------------------------------------------------------------ the answer sheet */

static void put_bubbles(const AjPaper *p, uint32_t count, GString *out)
{
    for (uint32_t i = 0; i < count; i++)
        g_string_append_printf(out, "<span class=\"b\">%s</span>", aj_quizkey_letter(p->arena, i));
}

static bool is_bubble(const AjQuestion *q)
{
    return q->type == AJ_QUESTION_SINGLE || q->type == AJ_QUESTION_MULTIPLE ||
           q->type == AJ_QUESTION_TRUEFALSE;
}

static void put_room(const AjPaper *p, uint32_t n, GString *out)
{
    const AjDrawn *d = &p->drawn.at[n];
    const AjQuestion *q = question_of(p, n);
    switch (q->type) {
    case AJ_QUESTION_FILL:
        for (uint32_t i = 0; i < q->blanks.count; i++)
            g_string_append_printf(out, "<span class=\"cell\">(%u)<i class=\"line\"></i></span>",
                                   i + 1);
        break;
    case AJ_QUESTION_ORDER:
        for (uint32_t i = 0; i < d->choices; i++)
            g_string_append_printf(out, "%s<i class=\"box\"></i>", i ? " → " : "");
        break;
    case AJ_QUESTION_MATCH:
        for (uint32_t i = 0; i < q->pairs.count; i++)
            g_string_append_printf(out, "<span class=\"cell\">%u<i class=\"box\"></i></span>",
                                   i + 1);
        break;
    case AJ_QUESTION_SCENARIO:
        for (uint32_t i = 0; i < q->nodes.count; i++) {
            if (!q->nodes.at[i].choices.count)
                continue;
            g_string_append_printf(out, "<span class=\"cell\">第 %u 步 ", i + 1);
            put_bubbles(p, q->nodes.at[i].choices.count, out);
            g_string_append(out, "</span>");
        }
        break;
    default:
        for (int i = 0; i < (q->rubric.count > 3 ? LONG_LINES : SHORT_LINES); i++)
            g_string_append(out, "<i class=\"rule-line\"></i>");
        break;
    }
}

void aj_quizkey_sheet(const AjPaper *paper, GString *out)
{
    bool bubbles = false;
    for (uint32_t i = 0; i < paper->drawn.count; i++)
        bubbles |= is_bubble(question_of(paper, i));
    g_string_append(out, "<p class=\"how\">按题号作答。选择题和判断题把圆圈<b>涂满</b>：");
    g_string_append(out, "<span class=\"b full\">A</span> 对，<span class=\"b\">√</span> 不对；"
                         "多选题可以涂几个。其余各题写在格子里或横线上。</p>\n");
    g_string_append(out, bubbles ? "<div class=\"bubbles\">\n" : "");
    for (uint32_t i = 0; i < paper->drawn.count; i++) {
        const AjQuestion *q = question_of(paper, i);
        if (!is_bubble(q))
            continue;
        g_string_append_printf(out, "<p class=\"row\"><b class=\"no\">%u</b>", i + 1);
        if (q->type == AJ_QUESTION_TRUEFALSE)
            g_string_append(out, "<span class=\"b\">对</span><span class=\"b\">错</span>");
        else
            put_bubbles(paper, paper->drawn.at[i].choices, out);
        if (q->type == AJ_QUESTION_MULTIPLE)
            g_string_append(out, "<span class=\"id\">多选</span>");
        g_string_append(out, "</p>\n");
    }
    g_string_append(out, bubbles ? "</div>\n" : "");
    for (uint32_t i = 0; i < paper->drawn.count; i++) {
        const AjQuestion *q = question_of(paper, i);
        if (is_bubble(q))
            continue;
        g_string_append_printf(out,
                               "<div class=\"write%s\"><b class=\"no\">%u</b> <span class=\"id\">%s"
                               "</span><div class=\"room\">",
                               q->type == AJ_QUESTION_SHORT ? " lines" : "", i + 1,
                               aj_question_type_title(q->type));
        put_room(paper, i, out);
        g_string_append(out, "</div></div>\n");
    }
}
