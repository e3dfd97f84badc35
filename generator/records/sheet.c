/* sheet - what the ledger says, as tables.
 *
 * Must not know: files, templates, CSV. */
#include "records/sheet.h"

#include "model/coverage.h"

#include <glib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    AjArena *arena;
    const AjLedger *ledger;
    const AjSheetFilter *filter;
    AjValue *sheet, *rows, *notes;
} Sheet;

static void cell(Sheet *s, AjValue *row, const char *text, bool number)
{
    AjValue *v = aj_value_map(s->arena);
    aj_value_set_string(s->arena, v, "text", text);
    aj_value_set_bool(s->arena, v, "is_number", number);
    aj_value_push(s->arena, (AjValue *)aj_value_get(row, "cells"), v);
}

static void number(Sheet *s, AjValue *row, double n)
{
    char text[32];
    g_ascii_formatd(text, sizeof text, "%.4g", n);
    cell(s, row, n < 0 ? "" : text, true);
}

static AjValue *row_new(Sheet *s, const char *mark)
{
    AjValue *row = aj_value_map(s->arena);
    aj_value_set(s->arena, row, "cells", aj_value_list(s->arena));
    aj_value_set_string(s->arena, row, "mark", mark);
    aj_value_push(s->arena, s->rows, row);
    return row;
}

static void note(Sheet *s, const char *text)
{
    AjValue *v = aj_value_map(s->arena);
    aj_value_set_string(s->arena, v, "text", text);
    aj_value_push(s->arena, s->notes, v);
}

/* "单位 班组 |学时": a bar before a column of numbers. */
static void columns(Sheet *s, const char *names)
{
    AjValue *list = aj_value_list(s->arena);
    g_auto(GStrv) parts = g_strsplit(names, " ", -1);
    for (char **p = parts; *p; p++) {
        AjValue *v = aj_value_map(s->arena);
        aj_value_set_string(s->arena, v, "text", **p == '|' ? *p + 1 : *p);
        aj_value_set_bool(s->arena, v, "is_number", **p == '|');
        aj_value_push(s->arena, list, v);
    }
    aj_value_set(s->arena, s->sheet, "columns", list);
}

const char *aj_sheet_person(AjArena *a, const AjWorker *w, const AjSheetFilter *f)
{
    if (f->names || !*w->name)
        return w->name;
    g_autofree char *first = g_utf8_substring(w->name, 0, 1);
    return aj_arena_printf(a, "%s**", first);
}

static void person(Sheet *s, AjValue *row, const AjWorker *w)
{
    cell(s, row, w->unit, false);
    cell(s, row, w->team, false);
    cell(s, row, w->post, false);
    cell(s, row, w->number, false);
    cell(s, row, aj_sheet_person(s->arena, w, s->filter), false);
}

static bool is(const char *wanted, const char *text)
{
    return !wanted || strcmp(wanted, text) == 0;
}

bool aj_sheet_fits(const AjSheetFilter *f, const AjWorker *w)
{
    return is(f->unit, w->unit) && is(f->team, w->team) && is(f->post, w->post) &&
           is(f->number, w->number);
}

static bool has_left(const Sheet *s, const AjWorker *w)
{
    char day[11];
    return *w->left && strcmp(w->left, aj_ledger_day(s->ledger->now, day)) <= 0;
}

static int by_team(const void *x, const void *y)
{
    const AjWorker *a = *(const AjWorker *const *)x, *b = *(const AjWorker *const *)y;
    int order = strcmp(a->unit, b->unit);
    order = order ? order : strcmp(a->team, b->team);
    order = order ? order : strcmp(a->post, b->post);
    return order ? order : strcmp(a->number, b->number);
}

/* Those who fit, by unit, team, post, number. */
static const AjWorker **people(Sheet *s, uint32_t *count)
{
    const AjLedger *l = s->ledger;
    const AjWorker **list = aj_arena_alloc(s->arena, (l->worker_count + 1) * sizeof *list);
    *count = 0;
    for (uint32_t i = 0; i < l->worker_count; i++)
        if (aj_sheet_fits(s->filter, &l->workers[i]))
            list[(*count)++] = &l->workers[i];
    if (*count)
        qsort(list, *count, sizeof *list, by_team);
    return list;
}

/* ---- hours ---------------------------------------------------------------------------------- */

static void sheet_credits(Sheet *s)
{
    const AjLedger *l = s->ledger;
    uint32_t count;
    const AjWorker **list = people(s, &count);
    double sum = 0;
    columns(s, "单位 班组 岗位 工号 姓名 年 级别 课程 |学时 日期 版本 说明");
    for (uint32_t i = 0; i < count; i++)
        for (uint32_t c = 0; c < l->credit_count; c++) {
            const AjCredit *credit = &l->credits[c];
            const AjDeskCourse *course = &l->desk->courses[credit->course];
            if (&l->workers[credit->worker] != list[i] ||
                (s->filter->year && s->filter->year != credit->year) ||
                !is(s->filter->course, course->source))
                continue;
            char day[11], year[8];
            AjValue *row = row_new(s, credit->doubtful ? "doubt" : "");
            person(s, row, list[i]);
            g_snprintf(year, sizeof year, "%d", credit->year);
            cell(s, row, year, false);
            cell(s, row, course->level, false);
            cell(s, row, course->title, false);
            number(s, row, credit->hours);
            cell(s, row, aj_ledger_day(credit->time, day), false);
            cell(s, row, aj_arena_printf(s->arena, "%.7s", credit->proof->commit), false);
            cell(s, row, credit->doubtful ? "一体机的钟不对，按收集日期" : "", false);
            sum += credit->hours;
        }
    g_autofree char *text =
        g_strdup_printf("合计 %.10g 学时。一门课一年只算一次，按第一次合格的日期。", sum);
    note(s, text);
}

static void sheet_hours(Sheet *s)
{
    const AjLedger *l = s->ledger;
    uint32_t count;
    const AjWorker **list = people(s, &count);
    double all = 0;
    columns(s, "单位 班组 岗位 工号 姓名 年 |门数 |公司级 |车间级 |班组级 |其他 |合计");
    static const char *const levels[] = {"公司级", "车间级", "班组级"};
    for (uint32_t i = 0; i < count; i++) {
        uint32_t worker = (uint32_t)(list[i] - l->workers);
        for (int year = 1970;;) {
            int next = 0;
            double sum[4] = {0};
            uint32_t courses = 0;
            for (uint32_t c = 0; c < l->credit_count; c++)
                if (l->credits[c].worker == worker && l->credits[c].year > year &&
                    (!next || l->credits[c].year < next))
                    next = l->credits[c].year;
            if (!next)
                break;
            year = next;
            if (s->filter->year && s->filter->year != year)
                continue;
            for (uint32_t c = 0; c < l->credit_count; c++) {
                if (l->credits[c].worker != worker || l->credits[c].year != year)
                    continue;
                size_t k = 0;
                const char *level = l->desk->courses[l->credits[c].course].level;
                while (k < G_N_ELEMENTS(levels) && strcmp(levels[k], level) != 0)
                    k++;
                sum[k] += l->credits[c].hours;
                courses++;
            }
            char text[8];
            AjValue *row = row_new(s, "");
            person(s, row, list[i]);
            g_snprintf(text, sizeof text, "%d", year);
            cell(s, row, text, false);
            number(s, row, courses);
            for (size_t k = 0; k < 4; k++)
                number(s, row, sum[k]);
            number(s, row, sum[0] + sum[1] + sum[2] + sum[3]);
            all += sum[0] + sum[1] + sum[2] + sum[3];
        }
    }
    g_autofree char *text = g_strdup_printf("合计 %.10g 学时。", all);
    note(s, text);
}

/* ---- who has to learn ----------------------------------------------------------------------- */

static const char *state_name(AjStandingState state)
{
    static const char *const names[] = {"", "完成", "未学", "未合格", "学的是旧版", "到期再学"};
    return names[state];
}

static void sheet_due(Sheet *s)
{
    const AjLedger *l = s->ledger;
    uint32_t count, sums[AJ_STANDING_DUE + 1] = {0};
    const AjWorker **list = people(s, &count);
    columns(s, "单位 班组 岗位 工号 姓名 课程 情况 |考过 最近一次 说明");
    for (uint32_t i = 0; i < count; i++) {
        if (has_left(s, list[i]))
            continue;
        for (uint32_t c = 0; c < l->desk->course_count; c++) {
            const AjStanding *st = aj_ledger_standing(l, (uint32_t)(list[i] - l->workers), c);
            if (!is(s->filter->course, l->desk->courses[c].source))
                continue;
            sums[st->state]++;
            if (st->state == AJ_STANDING_EXEMPT || st->state == AJ_STANDING_DONE)
                continue;
            static const char *const marks[] = {"", "", "missing", "failed", "old", "due"};
            char day[11];
            AjValue *row = row_new(s, marks[st->state]);
            person(s, row, list[i]);
            cell(s, row, l->desk->courses[c].title, false);
            cell(s, row, state_name(st->state), false);
            number(s, row, st->attempts);
            cell(s, row, st->proof ? aj_ledger_day(st->time, day) : "", false);
            cell(s, row,
                 st->state == AJ_STANDING_OLD && st->changed
                     ? aj_arena_printf(s->arena, "《%s》有实质修改", st->changed->title)
                 : st->doubtful ? "一体机的钟不对，按收集日期"
                                : "",
                 false);
        }
    }
    g_autofree char *text =
        g_strdup_printf("未学 %u，未合格 %u，学的是旧版 %u，到期再学 %u；完成 %u。",
                        sums[AJ_STANDING_MISSING], sums[AJ_STANDING_FAILED], sums[AJ_STANDING_OLD],
                        sums[AJ_STANDING_DUE], sums[AJ_STANDING_DONE]);
    note(s, text);
}

static void sheet_unknown(Sheet *s)
{
    columns(s, "假名 |记录 最近一次 一体机");
    for (uint32_t i = 0; i < s->ledger->stranger_count; i++) {
        const AjStranger *x = &s->ledger->strangers[i];
        char day[11];
        AjValue *row = row_new(s, "");
        cell(s, row, x->who, false);
        number(s, row, x->statements);
        cell(s, row, aj_ledger_day(x->time, day), false);
        cell(s, row, x->station, false);
    }
    note(s, "台账里有、名册里没有的人：工号按错了、名册旧了，或钥匙不是一体机用的那一把。");
}

/* ---- questions ------------------------------------------------------------------------------ */

typedef struct {
    const AjEntry *entry;
    double rest; /* share of right answers of the attempt */
} Answer;
typedef struct {
    uint32_t right, total;
} Attempt;

static int by_rest(const void *x, const void *y)
{
    const Answer *a = x, *b = y;
    if (a->rest != b->rest)
        return a->rest < b->rest ? -1 : 1;
    return strcmp(a->entry->id, b->entry->id);
}

static double share(const Answer *list, uint32_t from, uint32_t to)
{
    uint32_t right = 0;
    for (uint32_t i = from; i < to; i++)
        right += list[i].entry->success == 1;
    return to > from ? (double)right / (to - from) : 0;
}

static bool chose(const char *response, const char *key)
{
    g_auto(GStrv) parts = g_strsplit(response, "[,]", -1);
    return g_strv_contains((const char *const *)parts, key);
}

/* "B 31%、D 2%；没人选 C": what is chosen of the wrong options, the most chosen first. */
static const char *distractors(Sheet *s, const AjValue *question, const Answer *list,
                               uint32_t count)
{
    const AjValue *options = aj_value_get(question, "options");
    g_autoptr(GString) used = g_string_new(NULL), unused = g_string_new(NULL);
    for (uint32_t i = 0; options && i < options->len; i++) {
        const char *key = aj_value_get_string(options->items[i], "key", "");
        uint32_t times = 0;
        if (aj_value_get_bool(options->items[i], "correct", false))
            continue;
        for (uint32_t n = 0; n < count; n++)
            times += chose(list[n].entry->response, key);
        if (times)
            g_string_append_printf(used, "%s%s %.0f%%", used->len ? "、" : "", key,
                                   100.0 * times / count);
        else
            g_string_append_printf(unused, "%s%s", unused->len ? "、" : "", key);
    }
    if (unused->len)
        g_string_append_printf(used, "%s没人选 %s", used->len ? "；" : "", unused->str);
    return aj_arena_strdup(s->arena, used->str);
}

static void question_row(Sheet *s, const AjDeskPage *page, const AjValue *question, Answer *list,
                         uint32_t count)
{
    qsort(list, count, sizeof *list, by_rest);
    double wrong = 1 - share(list, 0, count);
    uint32_t part = MAX(1, (uint32_t)(0.27 * count));
    double sharp = share(list, count - part, count) - share(list, 0, part);
    const char *advice = count < 20     ? "样本少"
                         : sharp < 0    ? "会的人反而错：查答案"
                         : wrong > 0.6  ? "错得多：查题干，或课里没讲清"
                         : wrong < 0.02 ? "几乎没人错"
                         : sharp < 0.15 ? "分不出会与不会"
                                        : "";
    char text[32];
    AjValue *row = row_new(s, *advice && count >= 20 ? "doubt" : "");
    const char *wrongly = distractors(s, question, list, count);
    aj_value_set_string(s->arena, row, "source", page->source);
    aj_value_set_int(s->arena, row, "line", aj_value_get_int(question, "line", 0));
    aj_value_set_string(s->arena, row, "advice",
                        aj_arena_printf(s->arena,
                                        "题 %s：%s（%u 人次，错误率 %.0f%%，区分度 %.2f%s%s）",
                                        aj_value_get_string(question, "id", ""), advice, count,
                                        100 * wrong, sharp, *wrongly ? "，错选 " : "", wrongly));
    cell(s, row,
         aj_arena_printf(s->arena, "%s:%d", page->source,
                         (int)aj_value_get_int(question, "line", 0)),
         false);
    cell(s, row, aj_value_get_string(question, "id", ""), false);
    number(s, row, count);
    g_snprintf(text, sizeof text, "%.0f%%", 100 * wrong);
    cell(s, row, text, true);
    g_snprintf(text, sizeof text, "%.2f", sharp);
    cell(s, row, text, true);
    cell(s, row, wrongly, false);
    cell(s, row, advice, false);
    cell(s, row, aj_value_get_string(question, "stem", ""), false);
}

static void sheet_questions(Sheet *s)
{
    const AjLedger *l = s->ledger;
    g_autoptr(GHashTable) attempts = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
    g_autoptr(GHashTable) answers =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_array_unref);
    columns(s, "位置 题号 |答题 |错误率 |区分度 错选 建议 题干");
    for (uint32_t i = 0; i < l->entry_count; i++) {
        const AjEntry *e = &l->entries[i];
        /* Of the time before, only right answers are left: they would say that nobody errs. */
        if (strcmp(e->verb, "answered") != 0 || e->forgotten || l->page_of[i] == UINT32_MAX ||
            MAX(e->time, e->collected) < l->forgotten_until)
            continue;
        Attempt *attempt = g_hash_table_lookup(attempts, e->registration);
        if (!attempt) {
            attempt = g_new0(Attempt, 1);
            g_hash_table_insert(attempts, (void *)e->registration, attempt);
        }
        attempt->total++;
        attempt->right += e->success == 1;
        g_autofree char *key = g_strdup_printf("%s\n%s", e->page, e->question);
        GArray *list = g_hash_table_lookup(answers, key);
        if (!list) {
            list = g_array_new(FALSE, FALSE, sizeof(Answer));
            g_hash_table_insert(answers, g_steal_pointer(&key), list);
        }
        Answer answer = {e, 0};
        g_array_append_val(list, answer);
    }
    for (uint32_t p = 0; p < l->desk->page_count; p++) {
        const AjDeskPage *page = &l->desk->pages[p];
        const AjValue *questions = aj_value_get(page->quiz, "questions");
        for (uint32_t q = 0; q < aj_value_len(questions); q++) {
            const AjValue *question = questions->items[q];
            g_autofree char *key =
                g_strdup_printf("%s\n%s", page->source, aj_value_get_string(question, "id", ""));
            GArray *list = g_hash_table_lookup(answers, key);
            for (guint i = 0; list && i < list->len; i++) {
                Answer *answer = &g_array_index(list, Answer, i);
                const Attempt *whole = g_hash_table_lookup(attempts, answer->entry->registration);
                uint32_t others = whole->total - 1;
                answer->rest =
                    others ? (double)(whole->right - (answer->entry->success == 1)) / others : 0;
            }
            if (list)
                question_row(s, page, question, (Answer *)(void *)list->data, list->len);
        }
    }
    char day[11];
    if (l->forgotten_until != INT64_MIN)
        note(s, aj_arena_printf(s->arena, "%s 以前的作答，答错的已按期限删除，不在统计之内。",
                                aj_ledger_day(l->forgotten_until, day)));
    note(s, "区分度：同一场里其余题答得好的 27% 和差的 27%，这道题答对的比例之差。低于 0.15 "
            "的分不出会与不会。");
}

/* ---- coverage ------------------------------------------------------------------------------- */

static const AjCoverage *coverage_of(Sheet *s)
{
    const AjLedger *l = s->ledger;
    const AjDesk *desk = l->desk;
    AjCoveragePage *pages = aj_arena_alloc(s->arena, (desk->page_count + 1) * sizeof *pages);
    AjCoverageCourse *courses =
        aj_arena_alloc(s->arena, (desk->course_count + 1) * sizeof *courses);
    AjStaff *staff = aj_arena_alloc(s->arena, (l->worker_count + 1) * sizeof *staff);
    uint32_t staff_count = 0;
    for (uint32_t i = 0; i < desk->page_count; i++) {
        const AjDeskPage *page = &desk->pages[i];
        AjKind kind = AJ_KIND_PAGE;
        aj_kind_find(page->kind, &kind);
        pages[i] = (AjCoveragePage){kind, page->posts, page->hazards, page->quiz != NULL};
    }
    for (uint32_t i = 0; i < desk->course_count; i++) {
        const AjDeskCourse *course = &desk->courses[i];
        courses[i] =
            (AjCoverageCourse){course->page, course->exam, course->pages, course->page_count};
    }
    for (uint32_t i = 0; i < l->worker_count; i++)
        if (*l->workers[i].post && !has_left(s, &l->workers[i]))
            staff[staff_count++] = (AjStaff){l->workers[i].post, 1};
    AjCoverageInput in = {pages, desk->page_count, courses, desk->course_count, staff, staff_count};
    return aj_coverage_make(s->arena, &in);
}

static void coverage_row(Sheet *s, const AjCoverPost *post, const char *hazard,
                         const AjCoverCell *found, const char *hole)
{
    AjValue *row = row_new(s, *hole ? "missing" : "");
    cell(s, row, post->name, false);
    cell(s, row, hazard, false);
    number(s, row, post->people);
    number(s, row, found ? found->lessons : 0);
    number(s, row, found ? found->quizzes : 0);
    cell(s, row, hole, false);
}

static void sheet_coverage(Sheet *s)
{
    static const char *const names[] = {"", "", "没有课", "没有考"};
    const AjCoverage *c = coverage_of(s);
    columns(s, "岗位 危险因素 |在岗人数 |课 |考 缺口");
    for (uint32_t p = 0; c && p < c->post_count; p++) {
        if (!is(s->filter->post, c->posts[p].name))
            continue;
        if (aj_coverage_is_untaught(&c->posts[p]))
            coverage_row(s, &c->posts[p], "", NULL, "没有课程");
        for (uint32_t h = 0; h < c->hazard_count; h++) {
            const AjCoverCell *found = aj_coverage_cell(c, p, h);
            if (found->state != AJ_COVER_NONE)
                coverage_row(s, &c->posts[p], c->hazards[h].name, found, names[found->state]);
        }
    }
    g_autofree char *text = g_strdup_printf("%u "
                                            "处缺口。没有写岗位的页面、写“全员”的页面，算每个岗位的"
                                            "；考：有题的页面，或教它的课程的考试。",
                                            c ? c->holes : 0);
    note(s, text);
}

static const struct {
    const char *name, *title;
    void (*make)(Sheet *s);
} sheets[] = {{"hours", "学时汇总", sheet_hours},
              {"credits", "学时台账", sheet_credits},
              {"due", "待培训人员", sheet_due},
              {"unknown", "名册里没有的人", sheet_unknown},
              {"questions", "题目质量", sheet_questions},
              {"coverage", "岗位与危险因素覆盖表", sheet_coverage}};

const char *aj_sheet_name(uint32_t i)
{
    return i < G_N_ELEMENTS(sheets) ? sheets[i].name : NULL;
}

AjValue *aj_sheet_make(AjArena *a, const AjLedger *l, const char *name, const AjSheetFilter *f)
{
    for (size_t i = 0; i < G_N_ELEMENTS(sheets); i++) {
        if (strcmp(sheets[i].name, name) != 0)
            continue;
        char day[11];
        Sheet s = {a, l, f, aj_value_map(a), aj_value_list(a), aj_value_list(a)};
        aj_value_set_string(a, s.sheet, "name", name);
        aj_value_set_string(a, s.sheet, "title", sheets[i].title);
        aj_value_set_string(a, s.sheet, "site", l->desk->title);
        aj_value_set_string(a, s.sheet, "today", aj_ledger_day(l->now, day));
        sheets[i].make(&s);
        aj_value_set(a, s.sheet, "rows", s.rows);
        aj_value_set_int(a, s.sheet, "count", s.rows->len);
        aj_value_set_bool(a, s.sheet, "is_empty", s.rows->len == 0);
        aj_value_set(a, s.sheet, "notes", s.notes);
        return s.sheet;
    }
    return NULL;
}
