/* diag - problems of the content: collected, sorted, printed.
 *
 * A diagnostic is for an editor: where it is, what is wrong, how to mend it. Work goes on after it.
 * Failures of the world are GErrors, our own mistakes are assertions; neither belongs here.
 * Must not know: what a page is, which stage speaks, the terminal (colour is the caller's word). */
#pragma once
#include "base/lang.h"
#include "base/value.h"

#include <stdbool.h>
#include <stdint.h>

typedef enum { AJ_WARNING, AJ_ERROR } AjLevel;
typedef struct {
    const char *path; /* as the user named it, '/' between parts; NULL: the site as a whole */
    uint32_t line;    /* 1-based; 0: the file as a whole */
    uint32_t column;  /* 1-based, in bytes; 0: unknown */
} AjPos;
typedef struct {
    AjLevel level;
    AjPos pos;
    const char *code;    /* stable, kebab-case: "dead-link" */
    const char *message; /* one line */
    const char *hint;    /* how to mend it; NULL when the message says so */
} AjDiag;
typedef struct AjDiags AjDiags;

AjDiags *aj_diags_new(void);
void aj_diags_free(AjDiags *d);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AjDiags, aj_diags_free)

/* Copies everything. `hint` may be NULL. Both texts come through AJ_TR. */
void aj_diag(AjDiags *d, AjLevel level, AjPos pos, const char *code, const char *hint,
             const char *format, ...) __attribute__((format(printf, 6, 7)));
uint32_t aj_diags_count(const AjDiags *d, AjLevel level);
uint32_t aj_diags_total(const AjDiags *d);
const AjDiag *aj_diags_at(const AjDiags *d, uint32_t i); /* borrowed until the next aj_diag */
void aj_diags_clear(AjDiags *d);
/* By path, line, column, code, message; equal ones are merged. */
void aj_diags_sort(AjDiags *d);
/* Hand-off from a worker and cache: list of maps, and back (appends). */
AjValue *aj_diags_to_value(const AjDiags *d, AjArena *a);
void aj_diags_add_value(AjDiags *d, const AjValue *list);
/* "PATH:LINE:COL: 错误: message [code]\n  → hint\n"; a JSON array of
 * {path,line,column,level,code,message,hint}; SARIF 2.1.0. */
void aj_diags_print_text(const AjDiags *d, bool color, GString *out);
void aj_diags_print_json(const AjDiags *d, GString *out);
void aj_diags_print_sarif(const AjDiags *d, GString *out);
