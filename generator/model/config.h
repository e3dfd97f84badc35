/* config - the settings of one run: site.yaml, the command line, and their defaults.
 *
 * Const after load. Strings live as long as the config's arena.
 * Must not know: where a setting came from. */
#pragma once
#include "base/value.h"
#include "model/coverage.h"

typedef struct {
    const char *root; /* the site's folder, absolute */
    const char *out;  /* where the site is published, absolute */
    const char *title, *language, *base_url, *description, *author;
    const char *theme;             /* name */
    const char *const *filters;    /* names, in order; NULL-terminated */
    const char *const *editions;   /* patterns of tags; empty: all */
    const char *const *taxonomies; /* front-matter keys; NULL-terminated */
    const AjValue *sections;       /* folder → title, or map {title, weight, summary, kind} */
    const AjValue *synonyms;       /* list of lists of words */
    const AjValue *quiz;           /* defaults: {pass, pick, attempts, time_limit, shuffle} */
    const AjValue *extra;          /* map `params` of site.yaml, for templates; may be NULL */
    int64_t now; /* time that pages may show: SOURCE_DATE_EPOCH, else the commit's, else 0 */
    uint64_t asset_limit; /* bytes of one asset before a warning; 0: none */
    bool recode;          /* pictures above it are made smaller */
    uint64_t page_limit;  /* bytes of one page with its styles and scripts; 0: none */
    unsigned page_size;   /* entries on a list page */
    bool raw_html, drafts, strict;
    bool search;          /* make the index and the search page's data */
    bool diffs;           /* a diff page for every revision of substance */
    bool coverage;        /* the page of posts and hazards */
    const AjStaff *staff; /* posts and people of the roster beside the site */
    uint32_t staff_count;
    const AjValue *all; /* site.yaml as read, for hashing and for the filters */
} AjConfig;
