/* quiztext - bytes of an old file to UTF-8, and small looks at Chinese text.
 *
 * Takes UTF-8 with or without a BOM, UTF-16 with one, else GB18030 (iconv). What several formats of
 * questions share about letters of options and blanks is here too.
 * Must not know: any format. */
#pragma once
#include "base/diag.h"
#include "model/quiz.h"

#include <glib.h>

/* UTF-8 in `a` with a NUL behind, CRLF and CR made LF, NULs and the program's own marks taken out.
 * NULL: told with the line of the first bad byte. */
const char *aj_quiztext_decode(AjArena *a, const char *bytes, size_t len, const char *path,
                               size_t *len_out, AjDiags *diags);
/* One code point, wide forms of ASCII made narrow, any blank a ' '. 0 at the end. */
gunichar aj_quiztext_next(const char **p, const char *end);
/* "BD", "b、d", "Ｂ, Ｄ", "B和D": option numbers as bits, 0 = A; false when there is anything else,
 * nothing at all or a letter twice. `order_out` (may be NULL, 27 bytes) takes them as written. */
bool aj_quiztext_letters(const char *text, uint32_t *bits_out, char *order_out);
/* A stem's blanks in any of their forms – ____, （）, ( ), 【 】, [  ] – as （　）. */
char *aj_quiztext_blanks(AjArena *a, const char *stem);
/* Answers to the blanks of `q`, as one text: parted by ；or, where that gives another number than
 * there are blanks, by what gives it (｜ 、 ， , blank). Spellings of one blank are parted by ｜ or
 * /. */
void aj_quiztext_answers(AjArena *a, AjQuestion *q, const char *text);
/* Tags parted by 、，,；; and blanks. */
void aj_quiztext_tags(AjArena *a, AjQuestion *q, const char *text);
/* Without blanks at the ends, wide ones too. In `a`. */
char *aj_quiztext_trim(AjArena *a, const char *s, size_t len);
