/* quizformat - the formats in which questions come and go, by name.
 *
 * A new format is a room and a line in the table. Must not know: what any format looks like. */
#pragma once
#include "base/diag.h"
#include "model/quiz.h"

#include <glib.h>

typedef struct {
    const char *name; /* as typed after --to or --from */
    /* Reads as much as can be read, tells the rest with its line. false: nothing to go on with.
     * The quiz is settled, not yet checked. NULL: only written. */
    bool (*parse)(AjArena *a, const char *bytes, size_t len, const char *path, AjQuiz *quiz_out,
                  AjDiags *diags);
    /* What the format cannot hold is told as a warning. NULL: only read. */
    void (*print)(const AjQuiz *quiz, const char *path, GString *out, AjDiags *diags);
} AjQuizFormat;

/* NULL when there is none, or none that reads (writes). */
const AjQuizFormat *aj_quizformat_find(const char *name, bool to_write);
/* "gift、csv、json", for a message. Caller frees. */
char *aj_quizformat_names(bool to_write);
