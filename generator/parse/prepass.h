/* prepass - one look at the raw lines before cmark sees them.
 *
 * Refuses what would make cmark slow or the tree wrong, and rewrites the blocks that cmark does not
 * know as blocks that it does: every mark is a heading that begins with U+FDD0 (refused in source),
 * so it ends a paragraph, holds inlines and leaves lists tight. A heading of level 1  is a table
 * cell, 2 the first cell of a row, 4 the term of a definition list; 3  points into the list of
 * marks: the start of a table, div, note or definition, the end of a div. A note's or definition's
 * text is the first item of the `+` list after its mark. U+FDD1 after a character says that it was
 * escaped and that its second copy follows: cmark forgets escapes. Must not know: nodes, HTML,
 * files. */
#pragma once
#include "model/tree.h"
#include "parse/markdown.h"

#define AJ_MARKED "\xef\xb7\x90"
#define AJ_ESCAPED "\xef\xb7\x91"

typedef enum {
    AJ_MARK_TABLE,
    AJ_MARK_DIV,
    AJ_MARK_DIV_END,
    AJ_MARK_NOTE,
    AJ_MARK_DEFINITION,
    AJ_MARK_FILLER /* keeps two lists apart; to be dropped */
} AjMarkKind;
typedef struct {
    AjMarkKind kind;
    uint32_t line;    /* file line */
    const char *text; /* div: what follows the colons; note: its label; borrowed, not terminated */
    size_t len;
    AjAlign *aligns;
    uint32_t columns;
    bool loose; /* definition: a blank line stands before it */
} AjMark;

/* What the text may hold, so that the rest need not look for it. */
enum {
    AJ_HAS_NOTE = 1,      /* [^ */
    AJ_HAS_BRACKETS = 2,  /* ^[ or ]{ */
    AJ_HAS_TILDES = 4,    /* ~~ */
    AJ_HAS_BRACE = 8,     /* { */
    AJ_HAS_URL = 16,      /* :// or www. */
    AJ_HAS_AT = 32,       /* @ */
    AJ_HAS_BOX = 64,      /* [ ] or [x] or [! */
    AJ_HAS_STARS = 128,   /* ** that will not become bold beside wide punctuation */
    AJ_HAS_ESCAPES = 256, /* U+FDD1 was put in */
    AJ_HAS_DEPTH = 512,   /* so many marks that inlines may nest deep */
    AJ_HAS_BLOCKS = 1024, /* lines that may have to be rewritten, or containers that may be deep */
    AJ_HAS_PIPE = 2048,
    AJ_HAS_COLON = 4096, /* first in a line */
    AJ_HAS_CR = 8192
};
enum { AJ_MAX_DEPTH = 64 }; /* containers in a line: cmark slows down with the square of it */
typedef struct {
    const char *text; /* for cmark */
    size_t len;
    const uint32_t *lines; /* as in AjTree; NULL: the same */
    uint32_t line_count;
    const AjMark *marks;
    uint32_t mark_count;
    uint32_t headings; /* that were put in, cells and terms too: as many have to come back */
    unsigned has;
    const char *source; /* the text before lines were rewritten */
    size_t source_len;
} AjPrepass;
/* False when a limit was passed, or the bytes are no text (diagnosed with file:line). */
bool aj_prepass_run(AjArena *a, const char *text, size_t len, const AjMarkdownOptions *options,
                    AjDiags *diags, AjPrepass *out);
/* Takes the marks of escapes out of a text, in place; returns its length, adds no NUL. */
size_t aj_prepass_unescape(char *s, size_t len);
/* `**` at p, opening or closing: by CommonMark's flanking rules it does neither between wide
 * punctuation inside and a letter outside. */
bool aj_prepass_stars_fail(const char *text, const char *p, const char *end, bool opens);
/* Takes the rewriting of lines back. */
void aj_prepass_forget(AjPrepass *pre);
