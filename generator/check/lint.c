/* lint - a table of rules over the joined site.
 *
 * Must not know: files, the command line, how pages are made. */
#include "check/lint.h"
#include "base/personal.h"

#include <string.h>

static AjPos pos_of(const AjPage *page, int64_t line)
{
    return (AjPos){page->source, line > 0 && line < UINT32_MAX ? (uint32_t)line : 0, 0};
}

/* --- numbers of persons ---------------------------------------------------------------------- */

/* Enough of a number to find it again, and no more. */
static char *mask(const char *s, size_t len)
{
    g_autofree char *folded = g_utf8_normalize(s, (gssize)len, G_NORMALIZE_ALL_COMPOSE);
    size_t n = folded ? strlen(folded) : 0;
    return n < 8 ? g_strdup("…") : g_strdup_printf("%.3s…%s", folded, folded + n - 4);
}

/* --- the source text ------------------------------------------------------------------------- */

static AjPos pos_in(const char *path, const char *text, size_t offset)
{
    uint32_t line = 1;
    const char *start = text, *nl = NULL;
    while ((nl = memchr(start, '\n', (size_t)(text + offset - start)))) {
        start = nl + 1;
        line++;
    }
    return (AjPos){path, line, (uint32_t)(text + offset - start) + 1};
}

static void text_personal(const char *path, const char *text, size_t len, AjDiags *diags)
{
    size_t start = 0, end = 0;
    for (unsigned told = 0; told < 20; told++) { /* a list of them is one mistake */
        AjPersonal found = aj_personal_find(text, len, end, &start, &end);
        if (found == AJ_PERSONAL_NONE)
            return;
        AjPos pos = pos_in(path, text, start);
        g_autofree char *number = mask(text + start, end - start);
        if (found == AJ_PERSONAL_ID)
            aj_diag(diags, AJ_ERROR, pos, "personal-id",
                    AJ_TR("删掉身份证号；要区分同名的人，用工号",
                          "remove it; tell people of one name apart by their staff numbers"),
                    AJ_TR("有身份证号 %s", "an identity number, %s"), number);
        else
            aj_diag(diags, AJ_ERROR, pos, "personal-phone",
                    AJ_TR("删掉手机号，改写值班电话或 12350",
                          "remove it, and give the duty phone or 12350"),
                    AJ_TR("有手机号 %s", "a mobile number, %s"), number);
    }
}

/* What `anjian new` leaves for the editor to write. */
static void text_unfinished(const char *path, const char *text, size_t len, AjDiags *diags)
{
    static const char mark[] = "（待填写）";
    const char *at = memmem(text, len, mark, strlen(mark));
    if (at)
        aj_diag(diags, AJ_WARNING, pos_in(path, text, (size_t)(at - text)), "unfinished",
                AJ_TR("把“（待填写）”换成真实的内容", "write what belongs there"),
                AJ_TR("这里还没有写", "this is still to be written"));
}

/* --- pages ----------------------------------------------------------------------------------- */

static void page_images(const AjSite *site, const AjPage *page, AjDiags *diags)
{
    (void)site;
    for (uint32_t i = 0; i < aj_value_len(page->links); i++) {
        const AjValue *link = page->links->items[i];
        const char *alt = aj_value_get_string(link, "alt", "");
        if (!aj_value_get_bool(link, "image", false) || alt[strspn(alt, " \t\n")])
            continue;
        aj_diag(diags, AJ_WARNING, pos_of(page, aj_value_get_int(link, "line", 0)), "image-alt",
                AJ_TR("在 ![ ] 的方括号里写一句图上有什么", "say what it shows between ![ and ]"),
                AJ_TR("图片 %s 没有文字说明", "the image %s has no text"),
                aj_value_get_string(link, "target", ""));
    }
}

static void page_summary(const AjSite *site, const AjPage *page, AjDiags *diags)
{
    (void)site;
    if (page->kind == AJ_KIND_CASE && !page->is_index && !page->summary[0])
        aj_diag(diags, AJ_WARNING, pos_of(page, 1), "summary-missing",
                AJ_TR("在页首信息里写“摘要:”，一两句话", "add summary: to the front matter"),
                AJ_TR("案例没有摘要，列表页上只有标题", "the case has no summary"));
}

static void page_lessons(const AjSite *site, const AjPage *page, AjDiags *diags)
{
    (void)site;
    if (page->kind != AJ_KIND_CASE || page->is_index || !page->meta ||
        aj_value_get(page->meta, "lessons"))
        return;
    for (uint32_t i = 0; i < aj_value_len(page->headings); i++) {
        const char *text = aj_value_get_string(page->headings->items[i], "text", "");
        if (strstr(text, "教训") || strstr(text, "启示") || strstr(text, "经验"))
            return;
    }
    aj_diag(
        diags, AJ_WARNING, pos_of(page, 1), "case-lessons",
        AJ_TR("在页首信息里写“教训:”，每行一条", "add lessons: to the front matter, one a line"),
        AJ_TR("案例没有教训", "the case names no lessons"));
}

static void page_sources(const AjSite *site, const AjPage *page, AjDiags *diags)
{
    (void)site;
    if (page->kind == AJ_KIND_MODEL && !page->is_index && page->meta &&
        !aj_value_get(page->meta, "sources"))
        aj_diag(diags, AJ_WARNING, pos_of(page, 1), "model-sources",
                AJ_TR("在页首信息里写“来源:”，注明事迹出自哪里",
                      "add sources: to the front matter and say where the facts are from"),
                AJ_TR("标兵页没有注明来源", "the model's page names no sources"));
}

static void page_review(const AjSite *site, const AjPage *page, AjDiags *diags)
{
    const AjValue *review = aj_value_get(page->meta, "review");
    if (site->config->now <= 0 || !review || review->type != AJ_VALUE_STRING)
        return;
    g_autoptr(GDateTime) now = g_date_time_new_from_unix_utc(site->config->now);
    g_autofree char *today = now ? g_date_time_format(now, "%Y-%m-%d") : g_strdup("");
    if (strcmp(review->s, today) < 0)
        aj_diag(diags, AJ_WARNING, pos_of(page, review->line), "review-due",
                AJ_TR("重看一遍内容，再改“复审日期:”", "read the page again, then move the date"),
                AJ_TR("复审日期 %s 已过", "the review date, %s, has passed"), review->s);
}

/* --- the site -------------------------------------------------------------------------------- */

static void site_titles(const AjSite *site, AjDiags *diags)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (uint32_t i = 0; i < site->page_count; i++) {
        const AjPage *page = &site->pages[i];
        if (page->failed || !page->source || !page->title[0])
            continue;
        g_autofree char *folder = g_path_get_dirname(page->source);
        char *key = g_strdup_printf("%s\n%s", folder, page->title);
        const AjPage *first = g_hash_table_lookup(seen, key);
        if (!first) {
            g_hash_table_insert(seen, key, (void *)page);
            continue;
        }
        g_free(key);
        g_autofree char *hint = g_strdup_printf(AJ_TR("改其中一个的标题，让人分得清；另一个是 %s",
                                                      "retitle one of them; the other is %s"),
                                                first->source);
        aj_diag(diags, AJ_WARNING, pos_of(page, 1), "title-twice", hint,
                AJ_TR("同一栏目里有两页叫“%s”", "two pages of one section are called “%s”"),
                page->title);
    }
}

/* --- what is taught to whom ------------------------------------------------------------------ */

/* One hole of one hazard, for all posts that have it for the same page's sake. */
static void tell_hole(const AjSite *site, const AjCoverage *c, uint32_t p, uint32_t h,
                      AjDiags *diags)
{
    const AjCoverCell *cell = aj_coverage_cell(c, p, h);
    g_autoptr(GString) posts = g_string_new(NULL);
    for (uint32_t i = 0; i < c->post_count; i++) {
        const AjCoverCell *other = aj_coverage_cell(c, i, h);
        if (other->state != cell->state || other->why != cell->why)
            continue;
        if (i < p)
            return; /* told with that one */
        g_string_append_printf(posts, "%s%s", posts->len ? AJ_TR("、", ", ") : "",
                               c->posts[i].name);
    }
    const AjPage *page = &site->pages[cell->why];
    const AjValue *hazards = aj_value_get(page->meta, "hazards");
    AjPos pos = pos_of(page, hazards ? hazards->line : 1);
    if (cell->state == AJ_COVER_NO_LESSON)
        aj_diag(diags, AJ_WARNING, pos, "coverage-lesson",
                AJ_TR("写一课，或把这一页排进这些岗位的课程",
                      "write a lesson, or put this page into a course of these posts"),
                AJ_TR("危险因素“%s”没有课教给：%s", "no lesson teaches \"%s\" to: %s"),
                c->hazards[h].name, posts->str);
    else
        aj_diag(diags, AJ_WARNING, pos, "coverage-quiz",
                AJ_TR("给这一页出题，或给课程写上考试",
                      "write questions for this page, or give the course an exam"),
                AJ_TR("危险因素“%s”没有题考：%s", "no quiz asks about \"%s\": %s"),
                c->hazards[h].name, posts->str);
}

void aj_lint_coverage(const AjSite *site, const AjCoverage *cover, AjDiags *diags)
{
    for (uint32_t p = 0; cover && p < cover->post_count; p++) {
        if (aj_coverage_is_untaught(&cover->posts[p]))
            aj_diag(diags, AJ_WARNING, (AjPos){"roster.csv", 0, 0}, "coverage-post",
                    AJ_TR("在一门课的“岗位:”里写上它，或写“全员”",
                          "name it in the posts: of a course, or write 全员 there"),
                    AJ_TR("岗位“%s”有 %u 人，没有一门课",
                          "no course is for the post \"%s\" (%u people)"),
                    cover->posts[p].name, cover->posts[p].people);
        for (uint32_t h = 0; h < cover->hazard_count; h++)
            if (aj_coverage_cell(cover, p, h)->state > AJ_COVER_GOOD)
                tell_hole(site, cover, p, h, diags);
    }
}

/* --- the table ------------------------------------------------------------------------------- */

typedef struct {
    AjLintRule about;
    void (*text)(const char *path, const char *text, size_t len, AjDiags *diags); /* one of three */
    void (*page)(const AjSite *site, const AjPage *page, AjDiags *diags);
    void (*site)(const AjSite *site, AjDiags *diags);
} Rule;

static const Rule rules[] = {
    {.about = {"personal-id", AJ_ERROR, "身份证号", "an identity number"}, .text = text_personal},
    {.about = {"personal-phone", AJ_ERROR, "手机号", "a mobile number"}}, /* found with the first */
    {.about = {"unfinished", AJ_WARNING, "还有（待填写）的地方", "a part left to be written"},
     .text = text_unfinished},
    {.about = {"image-alt", AJ_WARNING, "图片没有文字说明", "an image without text"},
     .page = page_images},
    {.about = {"summary-missing", AJ_WARNING, "案例没有摘要", "a case without a summary"},
     .page = page_summary},
    {.about = {"case-lessons", AJ_WARNING, "案例没有教训", "a case without lessons"},
     .page = page_lessons},
    {.about = {"model-sources", AJ_WARNING, "标兵页没有来源", "a model's page without sources"},
     .page = page_sources},
    {.about = {"review-due", AJ_WARNING, "复审日期已过", "a review date that has passed"},
     .page = page_review},
    {.about = {"title-twice", AJ_WARNING, "同一栏目里标题重复", "one title twice in a section"},
     .site = site_titles},
    /* aj_lint_coverage finds these */
    {.about = {"coverage-lesson", AJ_WARNING, "有危险因素没有课教",
               "a hazard that no lesson teaches"}},
    {.about = {"coverage-quiz", AJ_WARNING, "有危险因素没有题考",
               "a hazard that no quiz asks about"}},
    {.about = {"coverage-post", AJ_WARNING, "有岗位没有课程", "a post that no course is for"}},
};

const AjLintRule *aj_lint_rule(uint32_t i)
{
    return i < G_N_ELEMENTS(rules) ? &rules[i].about : NULL;
}

void aj_lint_text(const char *path, const char *text, size_t len, AjDiags *diags)
{
    for (size_t k = 0; k < G_N_ELEMENTS(rules); k++)
        if (rules[k].text)
            rules[k].text(path, text, len, diags);
}

void aj_lint_run(const AjSite *site, AjDiags *diags)
{
    for (size_t k = 0; k < G_N_ELEMENTS(rules); k++) {
        if (rules[k].site)
            rules[k].site(site, diags);
        for (uint32_t i = 0; rules[k].page && i < site->page_count; i++)
            if (!site->pages[i].failed && site->pages[i].source)
                rules[k].page(site, &site->pages[i], diags);
    }
}
