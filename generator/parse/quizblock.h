/* quizblock - the quiz filter's Divs, folded into data (model/quiz).
 *
 * Each question Div is replaced in the tree by an AJ_EL_QUESTION with its index. What the filter
 * calls a slip (Div class quiz-slip) becomes a diagnostic (parse/quizslip).
 * Must not know: HTML (a callback draws inlines and blocks), Lua.
 *
 * The value, a map; keys marked ? stand only when given:
 *   title       string: front matter quiz (when it is a name), else the page's title, else ""
 *   pass ?      int, percent of the total     pick ? int       attempts ? int      time_s ? int
 *   mode ?      "exam"; practice when absent
 *   shuffle     list of strings: "questions", "options" ([] when nothing is shuffled)
 *   count       int, number of questions      points   double or int, their sum
 *   pools       map: name -> {size: int, pick ?: int} (empty map when there are none)
 *   questions   list of maps:
 *     number    int, 1-based, its place on the page; the tree's AJ_EL_QUESTION has number - 1
 *     line      int, source line of its heading
 *     id        string: 编号, else "h-" and 12 hex digits of SHA-256 of the folded stem
 *     type      "single" "multiple" "truefalse" "fill" "order" "match" "scenario" "short"
 *     stem      string, plain text; blanks stay （　）
 *     stem_html string, one or more blocks, or bare inlines when the stem is only the heading
 *     points    int or double, 1 when not given
 *     difficulty ?, pool ?  strings         tags ?  list of strings
 *     red_line ?  true                      partial ?  "half" (multiple only)
 *     explanation ?, explanation_html ?     strings
 *     options   (single, multiple) list of
 *               {key: "A"…, text, html, correct: bool, feedback ?, feedback_html ?}
 *     answer    (truefalse) bool
 *     answers   (fill) one list a blank, of strings or {value: number, tolerance: number}
 *     blanks    (fill) int
 *     items     (order) list of {text, html} in the right order
 *     pairs     (match) list of {left, right, left_html, right_html};  distractors ?  strings
 *     start, nodes   (scenario) nodes: {name, text, html, choices: [{text, html, to, points}]}
 *     reference ?, reference_html ?, rubric   (short) rubric: [{text, html, points}]
 * Parts carry their source line as `line`. */
#pragma once
#include "base/diag.h"
#include "model/tree.h"
#include "base/value.h"
#include "parse/quizparts.h"

/* NULL when the page holds no question. `meta` is the page's front matter (quiz settings: quiz,
 * pass, pick, shuffle, attempts, time_limit), `defaults` the site's. A question with an error is
 * left out of the value and of the tree; the diagnostics then hold an AJ_ERROR. */
AjValue *aj_quizblock_fold(AjArena *a, AjTree *tree, const AjValue *meta, const AjValue *defaults,
                           const char *path, AjDraw draw, void *data, AjDiags *diags);
