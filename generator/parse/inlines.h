/* inlines - what cmark left as text inside a paragraph: notes, spans, ~~del~~, bare links,
 * attributes.
 *
 * Must not know: blocks, lines of source, HTML, files. */
#pragma once
#include "base/diag.h"
#include "model/tree.h"

typedef struct AjInlines AjInlines;
/* `has`: bits of parse/prepass. */
AjInlines *aj_inlines_new(AjTree *tree, unsigned has, const char *path, AjDiags *diags);
void aj_inlines_free(AjInlines *f);
/* An AJ_EL_NOTE that [^label] leads to; the first of a label stays. */
void aj_inlines_add_note(AjInlines *f, const char *label, cmark_node *note);
/* Folds the inlines below a paragraph, heading, cell or term. */
void aj_inlines_fold(AjInlines *f, cmark_node *parent);
/* The note that got number i + 1; NULL past the last. More may come while notes are folded. */
cmark_node *aj_inlines_note_at(const AjInlines *f, uint32_t i);
/* Once, after the last note: reports notes that nothing refers to. */
void aj_inlines_end(AjInlines *f);
