/* page - what the rest of the program knows of one page: a view on its page record.
 *
 * A page record is a packed AjValue map made by pass 1 (keys below) and followed by nothing; the
 * view borrows from the mapped record. The address is decided here, from path and slug. Must not
 * know: how the record was made, templates, files. */
#pragma once
#include "base/value.h"

typedef enum {
    AJ_KIND_CASE,
    AJ_KIND_MODEL,
    AJ_KIND_LESSON,
    AJ_KIND_COURSE,
    AJ_KIND_QUIZ,
    AJ_KIND_PAGE,
    AJ_KINDS
} AjKind;
const char *aj_kind_name(AjKind kind);                 /* "case" */
const char *aj_kind_folder(AjKind kind);               /* "cases" */
const char *aj_kind_zh(AjKind kind);                   /* "案例" */
bool aj_kind_find(const char *name, AjKind *kind_out); /* English name, or 案例 标兵 党课 … */
AjKind aj_kind_of_path(const char *source);            /* by the first folder */

/* Marks in a body fragment, replaced when the page is written: \x01L<n>\x01 is the address of link
 * n of the record, \x01Q<n>\x01 is question n drawn by the theme. Content can hold no \x01. */
#define AJ_MARK '\x01'

typedef struct AjPage {
    uint32_t number; /* index in the site, in order of the address */
    AjKind kind;
    bool draft, failed, is_index;
    int weight;
    const char *source;                 /* below the site's folder; NULL for none */
    const char *address;                /* "cases/tank.html" */
    const char *title, *summary, *date; /* date: "2026-11-20" or NULL; summary never NULL */
    const AjValue *meta;                /* front matter: English keys, typed by the schema */
    const AjValue *headings;            /* list of {level, id, text} */
    const AjValue *links; /* list of {target, line, image, alt}: as written, in order of mark */
    const AjValue *quiz;  /* {title, pass, …, questions: […]}, NULL when there is none */
    const AjValue *terms; /* string: the index's own form, opaque here */
    const char *body;     /* HTML fragment with marks */
    size_t body_len;
    const char *blob; /* 40 hex digits: git's id of the source bytes */
} AjPage;

/* index.md, README.md (in any case, .markdown too): the page stands for its folder. */
bool aj_page_is_index(const char *source);
/* The address of a source path: each folder and name kept or turned to pinyin, `slug` (may be NULL)
 * in place of the last part, .html at the end, index.md and README.md as index.html (a slug does
 * not rename those). */
char *aj_page_address(const char *source, const char *slug); /* caller frees */
/* The record is a map. Needed: address (string), kind (int, AjKind), title (string), body (string).
 * The rest may be missing: source, summary, date, blob (strings); weight (int); draft, failed,
 * is_index (bools); meta, quiz (maps); headings, links (lists); terms (string).
 * Reads the view from an unpacked record, `number` stays 0; false when a needed key is missing or
 * one has another type. */
bool aj_page_view(const AjValue *record, AjPage *out);
