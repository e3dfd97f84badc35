/* site - all pages of one build and what joins them: sections, taxonomies, links, courses.
 *
 * Made by the join, const ever after. Sections, terms and courses hold page numbers, never pointers.
 * Must not know: files, templates, how anything is drawn. */
#pragma once
#include "base/diag.h"
#include "model/config.h"
#include "model/history.h"
#include "model/page.h"

#define AJ_NO_PAGE UINT32_MAX

typedef struct {
    const char *folder;  /* "cases", "cases/2024"; "" is the root */
    const char *address; /* of its index: "cases/index.html" */
    const char *title, *summary;
    int weight;
    uint32_t index_page;                    /* a page that stands for the list, or AJ_NO_PAGE */
    const uint32_t *pages;                  /* sorted for reading */
    uint32_t page_count;
} AjSection;
typedef struct {
    const char *name;    /* 有限空间 */
    const char *address; /* "hazards/you-xian-kong-jian.html" */
    const uint32_t *pages;
    uint32_t page_count;
} AjTerm;
typedef struct {
    const char *key; /* "hazards" */
    const char *address;
    const AjTerm *terms; /* sorted by count, then name */
    uint32_t term_count;
} AjTaxonomy;
typedef struct {
    const char *source;  /* below the site's folder, or NULL for a theme's */
    const char *address; /* with its fingerprint */
    uint64_t size;
} AjAsset;

typedef struct AjSite {
    AjArena *arena;
    const AjConfig *config;
    const AjHistory *history;
    const AjPage *pages; /* sorted by address */
    uint32_t page_count;
    const AjSection *sections; /* sorted by folder */
    uint32_t section_count;
    const AjTaxonomy *taxonomies;
    uint32_t taxonomy_count;
    const AjAsset *assets; /* sorted by source */
    uint32_t asset_count;
} AjSite;
