/* field - one map of named values held against a table of fields.
 *
 * Names in Chinese or English become the English key, values get the field's type, what is unknown
 * warns and stays, empty values are left out.
 * Must not know: YAML, which kinds of pages have which fields. */
#pragma once
#include "base/diag.h"
#include "base/value.h"

/* The types, and what a value is afterwards:
 *   text names slug path kind  string (names: a list is joined by 、; kind: "case" …)
 *   date                       string "2026-11-20"; also written 2026/11/20, 2026年11月20日
 *   int number                 int; int or double (a unit behind it is dropped: 4 学时, 3人)
 *   bool                       bool; also written 是 否 yes no on off
 *   flag                       bool, or a string that is neither
 *   list paths                 list of strings, never empty
 *   tags                       list of strings without doubles; one string is cut at 、 ， ,
 *   addresses                  list of addresses below the site's root, ending in .html
 *   links                      list of {text, url?, date?, publisher?, note?}; also written as a
 *                              string, bare or as [text](url)
 *   duration                   int, seconds; written 20分钟, 90秒, 1小时; a bare number is minutes
 *   shuffle                    list of "questions" and "options"; true is both, false none
 *   map any                    as written */
typedef struct {
    const char *key, *zh; /* "deaths", "死亡人数" */
    const char *type;
    bool required;
    const char *hint; /* one line in Chinese for a new page's comment; may be NULL */
    const char *also; /* further names, with a blank between; may be NULL */
    double min, max;  /* of numbers, both inclusive; 0 and 0: any */
} AjField;

/* By any of its names; case, width and - for _ do not count. NULL when there is none. */
const AjField *aj_field_find(const AjField *fields, uint32_t count, const char *name);
/* Adds the entries of the map `raw` to the map `out`. `elsewhere` (may be NULL) knows names that
 * would be right in another place. false when an error was reported. */
bool aj_field_apply(AjArena *a, const AjField *fields, uint32_t count, const AjValue *raw,
                    const char *path, const char *(*elsewhere)(const char *name), AjValue *out,
                    AjDiags *diags);
