/* marks - one output drawn: its template run, then links and questions put in the place of the
 * marks that the record's body holds for them.
 *
 * A mark is AJ_MARK, a letter (L link, Q question), a number, AJ_MARK; see render/html. Must not
 * know: where the output goes. */
#ifndef AJ_DRIVER_MARKS_H
#define AJ_DRIVER_MARKS_H

#include "base/arena.h"
#include "base/value.h"
#include "model/site.h"
#include "render/template.h"

/* The inputs of one output, all borrowed; endless is set by aj_marks_draw. */
typedef struct {
    const AjSite *site;
    const AjTemplates *templates;
    AjArena *arena;
    const AjPage *page; /* whose links these are; NULL for an output without a page */
    const char *from;   /* address of the output */
    const AjValue *links, *questions;
    const AjValue *site_map, *context; /* what templates see */
    bool exam;                         /* its questions are drawn without their answers */
    const char *endless;               /* a template that came to no end, or NULL */
} AjMarks;

/* Where a link into the site leads, from its root; NULL when its own text decides. */
const char *aj_marks_link_address(const AjSite *site, AjLink link);

/* What a player knows of the questions: JSON, one question a line, commas between. */
void aj_marks_questions(AjMarks *m, GString *out);
/* Runs the template into first, then copies it to final with the marks resolved. */
void aj_marks_draw(AjMarks *m, const char *template, GString *first, GString *final);

#endif
