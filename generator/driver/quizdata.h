/* quizdata - what a page carries of one question, for practice and for an exam.
 *
 * Template and player get the same facts: q.json is the question of the JSON form, plus `shown`
 * (the keys of an ordering or matching question's choices, in an order that tells nothing), `right`
 * (what each slot takes: a key or a text), a scenario's choices with the number of their `node`,
 * and `best`, the most that a path can give. In an exam what answers is taken out of both: `hashes`
 * stand for `right` (model/quizseal), and `sealed` keeps numbers with tolerance, feedback,
 * explanation, reference and points for after the hand-in. q.data is q.json with the feedback of a
 * practice's options that has no link and no picture: what is shown only once somebody has
 * answered may lie in the page's script; what stays in its HTML is an option's feedback_here.
 * Must not know: templates, where a page's links lead. */
#pragma once
#include "base/value.h"

typedef struct {
    bool exam;
    /* Puts addresses into the place of marks in drawn HTML; only an exam needs it. */
    const char *(*resolve)(AjArena *a, const char *html, void *data);
    void *data;
} AjQuizdataHow;

/* SHA-256, hex, of the page's questions as a JSON list of what they say, without drawn HTML; ""
 * without questions. Training records name it. */
const char *aj_quizdata_hash(AjArena *a, const AjValue *quiz);
/* {q: the question with json and data, is_TYPE: true, is_exam ?: true}. */
AjValue *aj_quizdata_question(AjArena *a, const AjValue *question, const AjQuizdataHow *how);
/* Without what is drawn already (html, lines). */
AjValue *aj_quizdata_plain(AjArena *a, const AjValue *v);
