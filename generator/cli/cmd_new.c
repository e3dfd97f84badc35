/* cmd_new - a new page or site, with the fields of its kind explained in place.
 *
 * The fields come from load/schema, so that a new field shows up here by itself. Nothing is ever
 * overwritten. What an editor still has to write is marked （待填写）, which `check` looks for.
 * Must not know: how pages are made or checked. */
#include "base/fs.h"
#include "base/lang.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/options.h"
#include "load/schema.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* --- what a page says ------------------------------------------------------------------------ */

static const char *const bodies[AJ_KINDS] = {
    [AJ_KIND_CASE] = "## 经过\n\n"
                     "（待填写）按时间写：谁在做什么，出了什么事，怎样处置，结果如何。\n\n"
                     "## 为什么会发生\n\n"
                     "（待填写）先写现场的直接原因，再写管理上的原因。\n\n"
                     "## 教训\n\n"
                     "1. （待填写）写给同岗位的人，一条一件事，说得出、做得到。\n",
    [AJ_KIND_MODEL] = "## 事迹\n\n"
                      "（待填写）写一件具体的事：当时有什么难处，怎么做的，结果怎样。\n\n"
                      "## 学什么\n\n"
                      "- （待填写）身边的人明天就能照着做的一条。\n",
    [AJ_KIND_LESSON] = "## 讲什么\n\n"
                       "（待填写）从身边的一件事讲起，再讲道理。\n\n"
                       "## 怎么做\n\n"
                       "- （待填写）党员带头做到的一条。\n",
    [AJ_KIND_COURSE] = "## 学完以后\n\n"
                       "- （待填写）学员能说出什么、会做什么。\n",
    [AJ_KIND_QUIZ] = "下面每种题型各有一道示例，照着改。\n\n"
                     "### 【单选】进入有限空间作业，正确的顺序是（　）。\n\n"
                     "编号：%1$s-001｜分值：2｜难度：易\n\n"
                     "- [ ] 先作业、后通风\n"
                     "  > 没有通风和检测就进入，可能缺氧或中毒。\n"
                     "- [x] 先通风、再检测、后作业\n"
                     "- [ ] 先检测、后作业、再通风\n\n"
                     "> 解析：先通风、再检测、后作业，检测合格才能进入。\n\n"
                     "### 【多选】发现有人在有限空间内晕倒，应当（　）。\n\n"
                     "编号：%1$s-002｜分值：2\n\n"
                     "- [x] 立即报警、呼救\n"
                     "- [x] 向里面强制通风\n"
                     "- [ ] 马上跳下去拉人\n"
                     "  > 没有防护就下去救人，往往使伤亡扩大。\n\n"
                     "> 解析：不盲目施救，佩戴好防护装备才能进入。\n\n"
                     "### 【判断】检测一次合格，当天就可以不再检测。\n\n"
                     "编号：%1$s-003\n\n"
                     "答案：错\n\n"
                     "> 解析：里面的气体会变，作业中要持续监测。\n\n"
                     "### 【填空】有限空间作业要先通风、再（　）、后作业。\n\n"
                     "编号：%1$s-004\n\n"
                     "答案：检测｜气体检测\n\n"
                     "> 解析：检测的内容至少有氧气、可燃气体和有毒气体。\n",
    [AJ_KIND_PAGE] = "（待填写）正文。\n",
};

/* Common fields worth a line in every new page; the others are only named. */
static const char *const shown[] = {"title",   "date",  "summary", "author", "tags",
                                    "hazards", "posts", "level",   "hours",  "review"};
static const char *const shown_in_quizzes[] = {"quiz",    "pass",     "pick",
                                               "shuffle", "attempts", "time_limit"};

typedef struct {
    AjKind kind;
    const char *root;  /* the site's folder */
    const char *name;  /* of the file, without .md */
    const char *title; /* as people read it */
} NewPage;

static bool is_in(const char *key, const char *const *keys, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(key, keys[i]) == 0)
            return true;
    return false;
}

static char *today(void)
{
    const char *epoch = g_getenv("SOURCE_DATE_EPOCH");
    g_autoptr(GDateTime) now = epoch
                                   ? g_date_time_new_from_unix_utc(g_ascii_strtoll(epoch, NULL, 10))
                                   : g_date_time_new_now_local();
    return now ? g_date_time_format(now, "%Y-%m-%d") : g_strdup("");
}

static bool skip_hidden(const char *path, bool is_folder, void *data)
{
    (void)is_folder;
    (void)data;
    const char *slash = strrchr(path, '/');
    return (slash ? slash[1] : path[0]) == '.';
}

/* Adds "FOLDER/x.md" of pages there are, `count` at most. */
static void add_pages(const char *root, AjKind kind, unsigned count, GPtrArray *out)
{
    g_autofree char *folder = g_build_filename(root, aj_kind_folder(kind), NULL);
    g_autoptr(AjFsList) list = aj_fs_walk(folder, skip_hidden, NULL, NULL);
    for (uint32_t i = 0; list && i < aj_fs_list_count(list) && count > 0; i++) {
        const AjFsEntry *entry = aj_fs_list_at(list, i);
        if (!S_ISREG(entry->mode) || !g_str_has_suffix(entry->path, ".md") ||
            aj_page_is_index(entry->path) || strpbrk(entry->path, ":#'\"[]{},&*!|>%@`"))
            continue;
        g_ptr_array_add(out, g_strdup_printf("%s/%s", aj_kind_folder(kind), entry->path));
        count--;
    }
}

/* What stands behind a key of a new page; "" for nothing. */
static char *first_value(const NewPage *page, const char *key)
{
    if (strcmp(key, "title") == 0 || (strcmp(key, "quiz") == 0 && page->kind == AJ_KIND_QUIZ)) {
        bool word = g_ascii_strcasecmp(page->title, "null") == 0 ||
                    g_ascii_strcasecmp(page->title, "true") == 0 ||
                    g_ascii_strcasecmp(page->title, "false") == 0 ||
                    g_ascii_strcasecmp(page->title, "no") == 0;
        return g_strdup_printf(word ? "'%s'" : "%s", page->title);
    }
    if (strcmp(key, "date") == 0)
        return today();
    if (page->kind == AJ_KIND_QUIZ && strcmp(key, "pass") == 0)
        return g_strdup("80");
    if (page->kind == AJ_KIND_QUIZ && strcmp(key, "shuffle") == 0)
        return g_strdup("[题目, 选项]");
    if (strcmp(key, "exam") == 0) {
        g_autoptr(GPtrArray) exams = g_ptr_array_new_with_free_func(g_free);
        add_pages(page->root, AJ_KIND_QUIZ, 1, exams);
        return g_strdup(exams->len ? exams->pdata[0] : "");
    }
    return g_strdup("");
}

static void add_field(GString *out, const NewPage *page, const AjField *f)
{
    g_autofree char *value = first_value(page, f->key);
    g_string_append_printf(out, "%s:%s%s", f->zh, *value ? " " : "", value);
    if (f->hint)
        g_string_append_printf(out, "  # %s%s", f->required ? "必填；" : "", f->hint);
    g_string_append_c(out, '\n');
    if (strcmp(f->key, "sources") == 0 && (f->required || page->kind == AJ_KIND_MODEL))
        g_string_append(out, "  - 名称: （待填写）报告、通报或报道的名称\n"
                             "    网址:\n");
    if (strcmp(f->key, "pages") != 0)
        return;
    g_autoptr(GPtrArray) pages = g_ptr_array_new_with_free_func(g_free);
    add_pages(page->root, AJ_KIND_CASE, 20, pages);
    add_pages(page->root, AJ_KIND_MODEL, 20, pages);
    add_pages(page->root, AJ_KIND_LESSON, 20, pages);
    for (guint i = 0; i < pages->len; i++)
        g_string_append_printf(out, "  - %s\n", (const char *)pages->pdata[i]);
    if (pages->len == 0)
        g_string_append(out, "  - cases/（待填写）.md\n");
}

static char *page_text(const NewPage *page)
{
    uint32_t count = 0, own = 0;
    const AjField *fields = aj_schema_fields(page->kind, &count);
    GString *out = g_string_new("---\n# 页首信息：冒号后面空一格再填写，不用的行可以留空\n");
    while (own < count && strcmp(fields[own].key, "title") != 0)
        own++;
    for (uint32_t i = own; i < count; i++) /* title, date … first: the eye looks for them */
        if (is_in(fields[i].key, shown, G_N_ELEMENTS(shown)) ||
            (page->kind == AJ_KIND_QUIZ &&
             is_in(fields[i].key, shown_in_quizzes, G_N_ELEMENTS(shown_in_quizzes))) ||
            (page->kind == AJ_KIND_COURSE && strcmp(fields[i].key, "pass") == 0))
            add_field(out, page, &fields[i]);
    for (uint32_t i = 0; i < own; i++)
        add_field(out, page, &fields[i]);
    g_string_append(out, "# 还可以写：草稿 排序 网址名 别名 关键词 系列 参数，说明见手册\n---\n");
    g_autofree char *id = aj_slug(page->name, strlen(page->name));
    g_autofree char *body = g_strdup(bodies[page->kind]);
    if (page->kind == AJ_KIND_QUIZ) {
        g_auto(GStrv) parts = g_strsplit(body, "%1$s", -1);
        g_free(body);
        body = g_strjoinv(id, parts);
    }
    g_string_append(out, body);
    return g_string_free(out, FALSE);
}

/* --- files ----------------------------------------------------------------------------------- */

static int complain(int code, const char *format, ...) G_GNUC_PRINTF(2, 3);
static int complain(int code, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    aj_options_complain(text);
    return code;
}

/* Writes and prints the path as the user sees it: PREFIX (may be "") + path. */
static int put_file(const char *root, const char *prefix, const char *path, const char *text)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *full = g_build_filename(root, path, NULL);
    g_autofree char *folder = g_path_get_dirname(full);
    if (g_file_test(full, G_FILE_TEST_EXISTS) || g_file_test(full, G_FILE_TEST_IS_SYMLINK))
        return complain(AJ_EXIT_WORLD, AJ_TR("%s%s 已经存在，没有改动", "%s%s exists, and stays"),
                        prefix, path);
    if (!aj_fs_mkdirs(folder, &error) || !aj_fs_write_new(full, text, strlen(text), &error))
        return complain(AJ_EXIT_WORLD, "%s", error->message);
    printf("%s%s\n", prefix, path);
    return AJ_EXIT_GOOD;
}

static int put_page(const NewPage *page, const char *prefix)
{
    g_autofree char *path = g_strdup_printf("%s/%s.md", aj_kind_folder(page->kind), page->name);
    g_autofree char *text = page_text(page);
    return put_file(page->root, prefix, path, text);
}

static const char site_yaml[] =
    "# 站点设置：去掉行首的 # 就生效\n"
    "标题: %s\n"
    "语言: zh-CN\n"
    "描述: 用身边的案例学安全\n"
    "# 作者: 安全科\n"
    "# 网址: https://example.org/safety/   # 发布到网上时写，离线使用不用写\n"
    "# 主题: classic\n"
    "# 过滤器: [quiz]\n"
    "# 分类: [标签, 危险因素, 岗位, 等级]\n"
    "# 每页条数: 50\n"
    "栏目:\n"
    "  cases: 案例\n"
    "  models: 标兵\n"
    "  lessons: 党课\n"
    "  courses: 课程\n"
    "  quizzes: 测验\n"
    "  pages: 页面\n"
    "同义词:\n"
    "  - [受限空间, 有限空间, 密闭空间]\n"
    "测验:\n"
    "  及格线: 80\n"
    "# 附件: {上限KB: 5120}\n";

static int put_site(const char *name)
{
    /* the course last: it lists the others */
    static const struct {
        AjKind kind;
        const char *title;
    } pages[] = {{AJ_KIND_CASE, "示例案例"},   {AJ_KIND_MODEL, "示例标兵"},
                 {AJ_KIND_LESSON, "示例党课"}, {AJ_KIND_QUIZ, "示例测验"},
                 {AJ_KIND_PAGE, "关于本站"},   {AJ_KIND_COURSE, "示例课程"}};
    if (g_file_test(name, G_FILE_TEST_EXISTS) || g_file_test(name, G_FILE_TEST_IS_SYMLINK))
        return complain(AJ_EXIT_WORLD, AJ_TR("%s 已经存在，没有改动", "%s exists, and stays"),
                        name);
    g_autofree char *prefix = g_strdup_printf("%s/", name);
    g_auto(GStrv) parts = g_strsplit(site_yaml, "%s", 2);
    g_autofree char *settings = g_strjoinv(name, parts);
    int code = put_file(name, prefix, "site.yaml", settings);
    if (!code)
        code = put_file(name, prefix, ".gitignore", "/dist/\n");
    for (size_t i = 0; !code && i < G_N_ELEMENTS(pages); i++) {
        NewPage page = {pages[i].kind, name, "sample", pages[i].title};
        code = put_page(&page, prefix);
    }
    if (!code && !aj_options_quiet())
        fprintf(stderr, AJ_TR("边写边看：anjian serve %s\n", "preview: anjian serve %s\n"), name);
    return code;
}

/* --- the command ----------------------------------------------------------------------------- */

/* Letters and digits of any script, and - _ . between them: good as a file name everywhere. */
static bool is_name(const char *name)
{
    size_t len = strlen(name);
    if (len == 0 || len > 100 || aj_utf8_invalid_at(name, len) != SIZE_MAX)
        return false;
    if (strchr(".-_", name[0]) || name[len - 1] == '.' || strstr(name, ".."))
        return false;
    for (const char *p = name, *end = name + len; p < end;) {
        uint32_t cp = aj_utf8_next(&p, end);
        if (!g_unichar_isalnum(cp) && !g_unichar_ismark(cp) &&
            !(cp < 0x80 && strchr("-_.", (int)cp)))
            return false;
    }
    return true;
}

static int run(int argc, char **argv)
{
    GOptionEntry entries[] = {{NULL, 0, 0, 0, NULL, NULL, NULL}};
    if (!aj_options_parse(&aj_cmd_new, entries, &argc, &argv, 2))
        return AJ_EXIT_USAGE;
    if (argc != 3)
        return complain(AJ_EXIT_USAGE, AJ_TR("用法：anjian new %s", "usage: anjian new %s"),
                        aj_cmd_new.usage);
    AjKind kind = AJ_KIND_PAGE;
    bool site = strcmp(argv[1], "site") == 0 || strcmp(argv[1], "站点") == 0;
    if (!site && !aj_kind_find(argv[1], &kind))
        return complain(
            AJ_EXIT_USAGE,
            AJ_TR("不认识“%s”；可以写 site case model lesson course quiz page",
                  "“%s” is unknown; use site, case, model, lesson, course, quiz or page"),
            argv[1]);
    size_t len = strlen(argv[2]);
    g_autofree char *name = g_strdup(argv[2]);
    if (!site && len > 3 && strcmp(name + len - 3, ".md") == 0)
        name[len - 3] = '\0';
    g_autofree char *file = g_strconcat(name, ".md", NULL);
    if (!is_name(name) || aj_page_is_index(file))
        return complain(AJ_EXIT_USAGE,
                        AJ_TR("“%s”不能作名字：用汉字、字母、数字和 -，不带文件夹，不用 index",
                              "“%s” cannot be a name: use letters, digits and -, no folder, not "
                              "index"),
                        argv[2]);
    if (site)
        return put_site(name);
    NewPage page = {kind, ".", name, name};
    return put_page(&page, "");
}

const AjCommand aj_cmd_new = {.name = "new",
                              .usage = "site|case|model|lesson|course|quiz|page NAME",
                              .summary_zh = "新建站点或页面，附带填写说明",
                              .summary_en = "make a site or a page with its fields explained",
                              .run = run};
