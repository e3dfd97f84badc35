/* site - all pages of one build and what joins them: sections, taxonomies, links, courses.
 *
 * Made by the join, const ever after. Sections, terms and courses hold page numbers, never
 * pointers. Must not know: files, templates, how anything is drawn. */
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
    AjKind kind;
    uint32_t index_page;   /* a page that stands for the list, or AJ_NO_PAGE */
    const uint32_t *pages; /* directly in this folder, without the index, sorted for reading */
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
    const AjTerm *terms; /* most pages first, then by name */
    uint32_t term_count;
} AjTaxonomy;
typedef struct {
    uint32_t taxonomy, term; /* indices */
} AjPageTerm;
typedef struct {
    const char *source;  /* below the site's folder */
    const char *address; /* with its fingerprint */
    uint64_t size;
} AjAsset;
typedef struct {
    uint32_t page;         /* the course itself */
    const uint32_t *pages; /* in the order taught */
    uint32_t page_count;
    uint32_t exam; /* AJ_NO_PAGE: none */
} AjCourse;

typedef enum {
    AJ_LINK_DEAD,    /* reported; drawn as written */
    AJ_LINK_SELF,    /* "#x" on the same page */
    AJ_LINK_PAGE,    /* index: page number */
    AJ_LINK_ASSET,   /* index: asset */
    AJ_LINK_SECTION, /* index: a section whose list we make */
    AJ_LINK_ADDRESS  /* an address of ours as written: "../search.html" */
} AjLinkKind;
typedef struct {
    uint32_t kind : 3, heading : 1, /* what stands behind # is a heading's text, not its id */
        suffix : 28;                /* offset of "#x" or "?x" in the link's target, 0: none */
    uint32_t index;
} AjLink;

typedef struct AjSite {
    AjArena *arena;
    const AjConfig *config;
    const AjHistory *history;
    const AjPage *pages; /* sorted by address */
    uint32_t page_count;
    const AjSection *sections; /* sorted by weight, then folder */
    uint32_t section_count;
    const AjTaxonomy *taxonomies;
    uint32_t taxonomy_count;
    const AjAsset *assets; /* sorted by source */
    uint32_t asset_count;
    const AjCourse *courses;
    uint32_t course_count;
    const uint32_t *section_of;   /* of each page: index of the section of its folder */
    const uint32_t *place;        /* of each page: where it stands there, AJ_NO_PAGE for an index */
    const uint64_t *keys;         /* of each page: a hash of its path and its bytes */
    const AjPathLog *const *logs; /* of each page; NULL entries without history */
    /* Per page, by ranges: links[first_link[n] … first_link[n + 1]) are the resolved links of page
     * n, likewise the numbers of pages that link to it, sorted, without doubles. */
    const AjLink *links;
    const uint32_t *first_link;
    const uint32_t *backlinks;
    const uint32_t *first_backlink;
    const AjPageTerm *page_terms; /* by taxonomy, then in the taxonomy's order */
    const uint32_t *first_term;
} AjSite;

/* By folder; NULL when there is none. */
const AjSection *aj_site_find_section(const AjSite *site, const char *folder, size_t len);
