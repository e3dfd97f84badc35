/* filterjob - one document through Lua filters, in a worker of its own.
 *
 * The worker is the pool's: limits, the kill and the sandbox are those of a build.
 * Must not know: the command line, where the document came from. */
#include "driver/filterjob.h"

#include "base/pages.h"
#include "base/pool.h"
#include "base/sandbox.h"
#include "driver/filterset.h"
#include "load/frontmatter.h"
#include "load/schema.h"
#include "parse/markdown.h"
#include "render/html.h"

#include <string.h>
#include <sys/mman.h>

#define MEMORY (UINT64_C(2) << 30)
static const double CPU_SECONDS = 20;

typedef struct {
    const AjFilterJob *job;
    AjLuaTrace *trace;
} Work;

static void take_warnings(const AjDiags *from, AjDiags *to)
{
    for (uint32_t i = 0; i < aj_diags_total(from); i++) {
        const AjDiag *d = aj_diags_at(from, i);
        if (d->level == AJ_ERROR)
            aj_diag(to, AJ_ERROR, d->pos, d->code, d->hint, "%s", d->message);
    }
}

/* Front matter and Markdown; what a page of a site would be blamed for is no fault here. */
static AjTree *read_markdown(AjArena *a, const AjFilterJob *job, AjValue **meta, AjDiags *diags)
{
    AjFrontmatter front;
    g_autoptr(AjDiags) here = aj_diags_new();
    if (!aj_frontmatter_parse(a, job->text, job->len, job->name, &front, here)) {
        take_warnings(here, diags);
        return NULL;
    }
    g_autoptr(AjDiags) ignored = aj_diags_new();
    if (!aj_schema_apply(a, AJ_KIND_PAGE, NULL, front.map, front.present, job->name, meta, ignored))
        *meta = front.map;
    AjMarkdownOptions options = {job->name, front.body_line, true};
    return aj_markdown_parse(a, job->text + front.body, job->len - front.body, &options, diags);
}

static bool convert(const AjFilterJob *job, AjLuaTrace *trace, AjArena *a, GString *out,
                    AjDiags *diags)
{
    AjFilterView view = {.root = job->root, .arena = a};
    AjLuaHost host = {.format = job->format,
                      .write = job->write,
                      .run = job->run,
                      .traces = trace,
                      .trace_count = 1};
    aj_filterset_host(&host, &view);
    AjLuabox *box = aj_luabox_new(job->filters, job->filter_count, &host, diags);
    if (!box)
        return false;
    aj_tree_use_arena(a);
    AjValue *meta = aj_value_map(a);
    AjTree empty = {.arena = a}, *tree = &empty;
    if (!job->from_json)
        tree = read_markdown(a, job, &meta, diags);
    else
        tree->root = aj_tree_node(CMARK_NODE_DOCUMENT);
    AjLuaDocument doc = {.page = job->name,
                         .tree = tree,
                         .meta = &meta,
                         .json = job->from_json ? job->text : NULL,
                         .json_len = job->len,
                         .json_out = job->to_json ? out : NULL,
                         .once = true,
                         .more_meta = job->meta};
    bool good = tree && aj_luabox_run(box, &doc, diags);
    if (good && !job->to_json) {
        AjHtmlOptions how = {0};
        aj_html_render(tree->root, &how, out);
    } else if (good) {
        g_string_append_c(out, '\n');
    }
    return good; /* the worker ends with us: nothing is freed piece by piece */
}

/* What stands behind the document in the result. */
typedef struct {
    uint64_t text_len, diags_len;
    bool good;
} Foot;

/* The result: the document, diagnostics, a foot. Nothing is copied on the way. */
static bool work(uint32_t index, GString *result, void *data)
{
    (void)index;
    const Work *w = data;
    if (!w->job->run) {
        const char *below[] = {w->job->root, NULL};
        AjSandbox sandbox = {.read_below = below, .write_below = w->job->write ? below : NULL};
        g_autoptr(GString) status = g_string_new(NULL);
        aj_sandbox_enter(&sandbox, status);
    }
    AjArena *a = aj_arena_new(1 << 16);
    g_autoptr(AjDiags) diags = aj_diags_new();
    size_t start = result->len;
    aj_pages_reserve(result, w->job->len + 4096);
    Foot foot = {.good = convert(w->job, w->trace, a, result, diags)};
    if (!foot.good)
        g_string_truncate(result, start);
    foot.text_len = result->len - start;
    aj_value_pack(aj_diags_to_value(diags, a), result);
    foot.diags_len = result->len - start - foot.text_len;
    g_string_append_len(result, (const char *)&foot, sizeof foot);
    return true;
}

static void tell_killed(const AjFilterJob *job, const AjLuaTrace *trace, AjPoolStatus status,
                        AjDiags *diags)
{
    const char *why = status == AJ_POOL_TIMEOUT ? AJ_TR("用时超过限度", "it took too long")
                      : status == AJ_POOL_MEMORY ? AJ_TR("内存超过限度", "it took too much memory")
                                                 : AJ_TR("处理时崩溃", "the worker crashed");
    const AjFilterSource *f =
        trace->item && trace->filter < job->filter_count ? &job->filters[trace->filter] : NULL;
    aj_diag(diags, AJ_ERROR, (AjPos){f ? f->path : job->name, f ? trace->line : 0, 0},
            "filter-error",
            AJ_TR("看过滤器里的循环和模式", "look at the filter's loops and patterns"),
            AJ_TR("过滤器 %s 处理页面 %s 时出错：%s", "filter %s failed on page %s: %s"),
            f ? f->name : "?", job->name, why);
}

static bool read_result(const char *bytes, size_t len,
                        void (*take)(const char *text, size_t len, void *data), void *data,
                        AjDiags *diags)
{
    Foot foot;
    g_assert(len >= sizeof foot);
    memcpy(&foot, bytes + len - sizeof foot, sizeof foot);
    AjArena *a = aj_arena_new(1 << 12);
    const AjValue *list = aj_value_unpack(a, bytes + foot.text_len, (size_t)foot.diags_len, NULL);
    if (list)
        aj_diags_add_value(diags, list);
    aj_arena_free(a);
    if (foot.good)
        take(bytes, (size_t)foot.text_len, data);
    return foot.good;
}

bool aj_filterjob_run(const AjFilterJob *job,
                      void (*take)(const char *text, size_t len, void *data), void *data,
                      AjDiags *diags, GError **error)
{
    void *shared =
        mmap(NULL, sizeof(AjLuaTrace), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    g_assert(shared != MAP_FAILED);
    Work w = {job, shared};
    AjPoolJob pool = {
        .jobs = 1, .cpu_seconds = CPU_SECONDS, .memory_bytes = MEMORY, .work = work, .data = &w};
    AjPoolResult *result = NULL;
    if (!aj_pool_run(&pool, 1, &result, error)) {
        munmap(shared, sizeof(AjLuaTrace));
        return false;
    }
    size_t len = 0;
    const char *bytes = aj_pool_bytes(result, 0, &len);
    AjPoolStatus status = aj_pool_slot(result, 0)->status;
    bool good = false;
    if (status == AJ_POOL_DONE)
        good = read_result(bytes, len, take, data, diags);
    else
        tell_killed(job, w.trace, status, diags);
    aj_pool_result_free(result);
    munmap(shared, sizeof(AjLuaTrace));
    return good;
}
