/* quizpaper - one draw of a quiz as a paper to print: the exam, its key, its answer sheet.
 *
 * Must not know: files, git, how a seed was chosen. */
#include "quizio/quizpaper.h"

#include "base/text.h"
#include "quizio/quizkey.h"

#include <string.h>

enum { FOUR_COLUMNS = 8, TWO_COLUMNS = 18, HASH_SHOWN = 16 };

static const char style[] =
    "@page{size:A4;margin:16mm 16mm 14mm;@bottom-right{content:counter(page) \" / \" "
    "counter(pages);font-size:8pt;color:#444}}\n"
    "*{box-sizing:border-box}\n"
    "body{margin:0 auto;max-width:178mm;color:#000;background:#fff;font:10.5pt/1.75 "
    "\"Noto Serif CJK SC\",\"Source Han Serif SC\",SimSun,\"Songti SC\",serif;"
    "line-break:strict;overflow-wrap:break-word}\n"
    "p,ul,ol,h1,h2{margin:0;padding:0}\n"
    "h1,h2,th,.no,.how,.foot,.fields,.facts,.b,.id{font-family:\"Noto Sans CJK SC\","
    "\"Source Han Sans SC\",\"Microsoft YaHei\",\"PingFang SC\",SimHei,sans-serif}\n"
    "h1{font-size:17pt;line-height:1.35;text-align:center}\n"
    "h1 small{display:block;font-size:11pt;font-weight:normal;letter-spacing:.5em;"
    "margin-right:-.5em}\n"
    ".part{width:100%;border-collapse:collapse}\n"
    ".part+.part{break-before:page;page-break-before:always}\n"
    ".part>thead{display:table-row-group}\n"
    ".part>tbody>tr>td,.part>tfoot>tr>td{padding:0}\n"
    ".foot{padding-top:3mm;font-size:8pt;line-height:1.5;color:#444}\n"
    ".foot p{border-top:.3mm solid #999;padding-top:1mm}\n"
    ".fields{display:table;width:100%;margin:4mm 0 2mm;table-layout:fixed;font-size:10pt}\n"
    ".fields span{display:table-cell;padding-right:3mm;white-space:nowrap;overflow:hidden}\n"
    ".fields span::after{content:\"\";display:inline-block;width:40mm;border-bottom:.3mm solid "
    "#000}\n"
    ".facts{padding:1mm 2mm;border:.3mm solid #000;font-size:9pt;line-height:1.7}\n"
    ".q,.k,.write{margin-top:3.5mm}\n"
    ".q{break-inside:avoid;page-break-inside:avoid}\n"
    ".stem{padding-left:2.2em;text-indent:-2.2em}\n"
    ".no{display:inline-block;min-width:2.2em;text-indent:0;font-weight:bold}\n"
    ".pts,.id,.rule{font-size:9pt;color:#333}\n"
    ".gap{display:inline-block;min-width:18mm;border-bottom:.3mm solid #000;text-align:center;"
    "text-indent:0;font-size:8pt;color:#444}\n"
    ".opts{display:flex;flex-wrap:wrap;padding-left:2.2em}\n"
    ".opts p{width:100%;padding:0 3mm 0 1.7em;text-indent:-1.7em}\n"
    ".opts .l{display:inline-block;width:1.7em;text-indent:0}\n"
    ".two p{width:50%}\n.four p{width:25%}\n"
    ".match{margin:1mm 0 0 2.2em;border-collapse:collapse;width:calc(100% - 2.2em)}\n"
    ".match td{width:50%;padding:.6mm 2mm;border:.2mm solid #666;vertical-align:top}\n"
    ".step{margin:1.5mm 0 0 2.2em;padding:1mm 2mm;border-left:.8mm solid #666}\n"
    ".step .opts{padding-left:0}\n"
    ".end{color:#333}\n"
    ".brief{width:100%;margin-top:4mm;border-collapse:collapse;table-layout:fixed}\n"
    ".brief th,.brief td{border:.2mm solid #000;text-align:center;font-size:9pt;line-height:1.6;"
    "padding:.4mm}\n"
    ".brief tr:nth-child(odd)>*{border-top-width:.5mm}\n"
    ".k{break-inside:avoid;page-break-inside:avoid;padding-left:2.2em}\n"
    ".k>p:first-child{text-indent:-2.2em}\n"
    ".notes{list-style:none;font-size:9.5pt}\n"
    ".notes li{padding-left:1.2em;text-indent:-1.2em}\n"
    ".why{font-size:9.5pt}\n"
    ".how{margin-top:2mm;font-size:9pt}\n"
    ".b{display:inline-block;width:6mm;height:6mm;margin:0 1.2mm;border:.3mm solid #000;"
    "border-radius:50%;text-align:center;font-size:7.5pt;line-height:5.4mm;text-indent:0}\n"
    ".full{background:#000;color:#000;-webkit-print-color-adjust:exact;print-color-adjust:exact}\n"
    ".bubbles{columns:2;column-gap:8mm;margin-top:3mm;padding:2mm 3mm;border:.3mm solid #000}\n"
    ".row{break-inside:avoid;page-break-inside:avoid;line-height:8.5mm}\n"
    ".write{break-inside:avoid;page-break-inside:avoid;padding:1.5mm 3mm;border:.3mm solid #000}\n"
    ".write .id{display:inline-block;min-width:3em;margin-right:2mm}\n"
    ".room{display:inline}\n"
    ".lines .room{display:block}\n"
    ".cell{display:inline-block;margin-right:5mm;line-height:9mm;white-space:nowrap}\n"
    ".line{display:inline-block;width:52mm;height:6mm;border-bottom:.3mm solid #000}\n"
    ".box{display:inline-block;width:9mm;height:7mm;margin-left:1mm;border:.3mm solid #000;"
    "vertical-align:middle}\n"
    ".rule-line{display:block;height:9mm;border-bottom:.2mm solid #666}\n"
    "@media screen{body{padding:10mm 5mm}.part+.part{margin-top:15mm}}\n";

static void put_stem(const AjPaper *p, const AjQuestion *q, GString *out)
{
    uint32_t blank = 0;
    bool fill = q->type == AJ_QUESTION_FILL;
    const char *from = q->stem, *s = from;
    while (*s) {
        const char *end = fill && blank < q->blanks.count ? aj_quiz_blank_end(s) : NULL;
        if (end) {
            aj_quizkey_put(out, aj_arena_strndup(p->arena, from, (size_t)(s - from)));
            g_string_append_printf(out, "<span class=\"gap\">(%u)</span>", ++blank);
            from = end;
        }
        s = end ? end : g_utf8_next_char(s);
    }
    aj_quizkey_put(out, from);
}

/* Rows of lettered choices, beside each other when they are short. */
static void put_choices(const AjPaper *p, const char *const *texts, const char *const *behind,
                        uint32_t count, GString *out)
{
    glong longest = 0;
    for (uint32_t i = 0; i < count; i++)
        longest = MAX(longest, g_utf8_strlen(texts[i], -1) + (behind ? TWO_COLUMNS : 0));
    g_string_append_printf(out, "<div class=\"opts%s\">\n",
                           longest <= FOUR_COLUMNS && count == 4 ? " four"
                           : longest <= TWO_COLUMNS              ? " two"
                                                                 : "");
    for (uint32_t i = 0; i < count; i++) {
        g_string_append_printf(out, "<p><span class=\"l\">%s.</span>",
                               aj_quizkey_letter(p->arena, i));
        aj_quizkey_put(out, texts[i]);
        g_string_append(out, behind ? behind[i] : "");
        g_string_append(out, "</p>\n");
    }
    g_string_append(out, "</div>\n");
}

static void put_match(const AjPaper *p, const AjQuestion *q, const char *const *rights,
                      uint32_t count, GString *out)
{
    g_string_append(out, "<table class=\"match\"><tbody>\n");
    for (uint32_t i = 0; i < MAX(q->pairs.count, count); i++) {
        g_string_append(out, "<tr><td>");
        if (i < q->pairs.count) {
            g_string_append_printf(out, "%u. ", i + 1);
            aj_quizkey_put(out, q->pairs.at[i].left);
        }
        g_string_append(out, "</td><td>");
        if (i < count) {
            g_string_append_printf(out, "%s. ", aj_quizkey_letter(p->arena, i));
            aj_quizkey_put(out, rights[i]);
        }
        g_string_append(out, "</td></tr>\n");
    }
    g_string_append(out, "</tbody></table>\n");
}

/* Steps bear numbers: their names tell how they end. */
static void put_steps(const AjPaper *p, const AjQuestion *q, GString *out)
{
    for (uint32_t i = 0; i < q->nodes.count; i++) {
        const AjNode *n = &q->nodes.at[i];
        const char **texts = aj_arena_alloc(p->arena, (n->choices.count + 1) * sizeof *texts);
        const char **behind = aj_arena_alloc(p->arena, (n->choices.count + 1) * sizeof *behind);
        for (uint32_t k = 0; k < n->choices.count; k++) {
            texts[k] = n->choices.at[k].text;
            behind[k] =
                aj_arena_printf(p->arena, " → 到第 %u 步", aj_quizkey_node(q, n->choices.at[k].to));
        }
        g_string_append_printf(out, "<div class=\"step\"><p><b>第 %u 步</b> ", i + 1);
        aj_quizkey_put(out, n->text);
        g_string_append(out, n->choices.count ? "</p>\n"
                                              : " <span class=\"end\">（到此结束）</span></p>\n");
        if (n->choices.count)
            put_choices(p, texts, behind, n->choices.count, out);
        g_string_append(out, "</div>\n");
    }
}

static const char *told(const AjQuestion *q)
{
    switch (q->type) {
    case AJ_QUESTION_MULTIPLE:
        return q->half ? "，漏选得一半" : "，全对得分";
    case AJ_QUESTION_ORDER:
        return "，按先后写出字母";
    case AJ_QUESTION_MATCH:
        return "，每行左边配一个字母";
    case AJ_QUESTION_SCENARIO:
        return "，从第 1 步做起，走到结束";
    default:
        return "";
    }
}

static void put_question(const AjPaper *p, uint32_t n, GString *out)
{
    const AjDrawn *d = &p->drawn.at[n];
    const AjQuestion *q = &p->quiz->questions.at[d->index];
    const char **shown = aj_arena_alloc(p->arena, (d->choices + 1) * sizeof *shown);
    AjStrings rights = {0};
    if (q->type == AJ_QUESTION_MATCH)
        aj_quizdraw_rights(p->arena, q, &rights);
    for (uint32_t k = 0; k < d->choices; k++)
        shown[k] = q->type == AJ_QUESTION_ORDER   ? q->items.at[d->order[k]]
                   : q->type == AJ_QUESTION_MATCH ? rights.at[d->order[k]]
                                                  : q->options.at[d->order[k]].text;
    g_string_append_printf(out,
                           "<div class=\"q\">\n<p class=\"stem\"><b class=\"no\">%u.</b>【%s】",
                           n + 1, aj_question_type_title(q->type));
    put_stem(p, q, out);
    if (q->type == AJ_QUESTION_TRUEFALSE && !aj_quiz_blanks(q->stem))
        g_string_append(out, "（　　）");
    g_string_append_printf(out, "<span class=\"pts\">（%s 分%s%s）</span></p>\n",
                           aj_quiz_number(p->arena, q->points), told(q),
                           q->red_line ? "，<b>红线题</b>" : "");
    if (q->type == AJ_QUESTION_MATCH)
        put_match(p, q, shown, d->choices, out);
    else if (q->type == AJ_QUESTION_SCENARIO)
        put_steps(p, q, out);
    else if (d->choices)
        put_choices(p, shown, NULL, d->choices, out);
    g_string_append(out, "</div>\n");
}

static void put_facts(const AjPaper *p, GString *out)
{
    const AjQuiz *quiz = p->quiz;
    bool red = false;
    for (uint32_t i = 0; i < p->drawn.count; i++)
        red |= quiz->questions.at[p->drawn.at[i].index].red_line;
    g_string_append_printf(out, "<p class=\"facts\">共 %u 题，满分 %s 分", p->drawn.count,
                           aj_quiz_number(p->arena, p->total));
    if (quiz->pass)
        g_string_append_printf(out, "，得分达到 %" G_GINT64_FORMAT "%%（%s 分）为及格", quiz->pass,
                               aj_quiz_number(p->arena, p->total * (double)quiz->pass / 100));
    if (quiz->time_s && quiz->time_s % 60)
        g_string_append_printf(out, "，限时 %" G_GINT64_FORMAT " 秒", quiz->time_s);
    else if (quiz->time_s)
        g_string_append_printf(out, "，限时 %" G_GINT64_FORMAT " 分钟", quiz->time_s / 60);
    g_string_append(out, "。");
    if (red)
        g_string_append(out, "红线题答错，整卷不及格。");
    g_string_append(out, "答案写在答题卡上。</p>\n");
}

typedef enum { EXAM, KEY, SHEET } Part;
static const char *const part_titles[] = {"试卷", "参考答案", "答题卡"};

static void put_part(const AjPaper *p, Part part, const AjPaperAbout *about, const char *title,
                     GString *out)
{
    g_string_append(out, "<table class=\"part\" role=\"presentation\"><tbody><tr><td>\n<h1>");
    aj_quizkey_put(out, title);
    g_string_append_printf(out, "<small>%s</small></h1>\n", part_titles[part]);
    if (part != KEY)
        g_string_append(out, "<p class=\"fields\"><span>姓名</span><span>工号</span><span>单位"
                             "</span></p>\n<p class=\"fields\"><span>日期</span><span>得分</span>"
                             "<span>阅卷</span></p>\n");
    if (part == EXAM) {
        put_facts(p, out);
        for (uint32_t i = 0; i < p->drawn.count; i++)
            put_question(p, i, out);
    } else if (part == KEY) {
        aj_quizkey_key(p, out);
    } else {
        aj_quizkey_sheet(p, out);
    }
    g_string_append(out, "</td></tr></tbody><tfoot><tr><td><div class=\"foot\"><p>");
    aj_quizkey_put(out, title);
    g_string_append_printf(out, "｜%s｜种子 %u｜题集 %.*s｜", part_titles[part], about->seed,
                           HASH_SHOWN, about->questions);
    aj_quizkey_put(out, about->version);
    g_string_append(out, "</p></div></td></tr></tfoot></table>\n");
}

void aj_quizpaper_print(const AjQuiz *quiz, const AjPaperAbout *about, GString *out)
{
    AjPaper p = {.arena = aj_arena_new(1 << 16), .quiz = quiz};
    const char *title = quiz->title && *quiz->title ? quiz->title : "测验";
    aj_quizdraw(p.arena, quiz, about->seed, &p.drawn);
    for (uint32_t i = 0; i < p.drawn.count; i++)
        p.total += quiz->questions.at[p.drawn.at[i].index].points;
    g_string_append(out,
                    "<!DOCTYPE html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\">\n"
                    "<meta name=\"viewport\" content=\"width=device-width\">\n");
    g_string_append_printf(out,
                           "<meta name=\"anjian:seed\" content=\"%u\">\n"
                           "<meta name=\"anjian:questions\" content=\"%s\">\n<title>",
                           about->seed, about->questions);
    aj_escape_text(out, title, strlen(title));
    g_string_append_printf(out, "（种子 %u）</title>\n<style>\n%s</style>\n</head>\n<body>\n",
                           about->seed, style);
    for (Part part = EXAM; part <= SHEET; part++)
        put_part(&p, part, about, title, out);
    g_string_append(out, "</body>\n</html>\n");
    aj_arena_free(p.arena);
}
