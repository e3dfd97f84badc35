/* quizparts - what an ordering, matching, scenario or short-answer question is made of.
 *
 * Reads the Divs that the quiz filter puts into such a question (item; pair with left and right,
 * distractor; node with text and choice; reference, rubric) into the value that parse/quizblock
 * describes. Texts and drawn HTML of any Div are made here too. Must not know: slips, pages. */
#pragma once
#include "base/value.h"
#include "model/tree.h"

/* Draws the children of a node. `inlines`: it is a paragraph whose <p> is not wanted. */
typedef void (*AjDraw)(cmark_node *children_of, bool inlines, GString *out, void *data);

typedef struct {
    AjArena *arena;
    AjDraw draw;
    void *data;
    GString *text; /* scratch */
} AjQuizparts;

/* `type`: order, match, scenario or short; others have no such parts. */
void aj_quizparts_read(AjQuizparts *p, AjValue *question, const char *type, cmark_node *div);
/* Plain text of a Div, a line break between two blocks; good until the next call. */
const char *aj_quizparts_text(AjQuizparts *p, cmark_node *parent);
AjValue *aj_quizparts_drawn(AjQuizparts *p, cmark_node *parent);
/* The first child that is a Div of this class, or NULL. */
cmark_node *aj_quizparts_child(cmark_node *parent, const char *name);
/* A line number among attributes, 0 when there is none. */
uint32_t aj_quizparts_line(const AjAttr *attr, const char *key);
