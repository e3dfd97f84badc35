/* build - the only room that knows the order of the stages.
 *
 * scan, pass 1 in workers beside the git walk, join, pass 2 in workers beside the search index,
 * assets, publish, cache. What did not change is not made again.
 * Must not know: the command line, terminals (it reports progress through a callback). */
#pragma once
#include "base/diag.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef enum {
    AJ_STAGE_SCAN,
    AJ_STAGE_PARSE,
    AJ_STAGE_HISTORY,
    AJ_STAGE_JOIN,
    AJ_STAGE_RENDER,
    AJ_STAGE_INDEX,
    AJ_STAGE_ASSETS,
    AJ_STAGE_PUBLISH,
    AJ_STAGES
} AjStage;
const char *aj_stage_name(AjStage stage);

struct AjSite;
struct AjPlan;
struct AjRepo;
struct AjEditions;
typedef struct {
    const char *root;     /* the site's folder, absolute */
    const char *shown;    /* how the user named it, for diagnostics: "content"; "" for here */
    const char *out;      /* absolute; NULL with check_only */
    const char *base_url; /* over site.yaml's; NULL: not given */
    const struct AjEditions *editions; /* what the switcher shows; NULL: there is none */
    const char *skip;   /* absolute: one more folder that is no content; may be NULL */
    const char *rev;    /* build this commit of the repository instead; NULL: what is there */
    bool present_theme; /* with `rev`: themes and filters of the work tree */
    unsigned jobs;      /* 0: one a core */
    bool drafts, strict, full, in_place;
    bool check_only; /* everything up to the join and the lint rules; nothing is published */
    bool
        whole; /* with `joined`: pages with front matter and quiz; aj_join_light is not to be had */
    /* With check_only, in place of the lint rules. `repo` may be NULL. */
    bool (*joined)(const struct AjSite *site, struct AjRepo *repo, const char *prefix, void *data,
                   GError **error);
    /* Called with what would be published; nothing more happens then. */
    void (*planned)(const struct AjPlan *plan, bool has_switcher, void *data);
    void (*progress)(AjStage stage, uint32_t done, uint32_t total, void *data); /* may be NULL */
    void *data;
} AjBuildOptions;
typedef struct {
    uint32_t pages, made, cached, files, written;
    double seconds[AJ_STAGES];
    uint64_t peak_bytes;
    bool published, unchanged, joined;
    char history[160]; /* what to tell about a shallow or missing history; "" */
    char sandbox[64];  /* what holds the workers */
    char head[41];     /* the commit built from, "" without git */
    int64_t head_time;
    char title[200], language[16]; /* of the site */
} AjBuildStats;

/* false: the world failed, `error` says how. Problems of the content land in `diags`, with paths as
 * the user named them; errors of the site leave stats->published false. */
bool aj_build(const AjBuildOptions *options, AjDiags *diags, AjBuildStats *stats, GError **error);
