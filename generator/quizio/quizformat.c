/* quizformat - the formats in which questions come and go, by name.
 *
 * Must not know: what any format looks like. */
#include "quizio/quizformat.h"

#include "quizio/quizcsv.h"
#include "quizio/quizgift.h"
#include "quizio/quizgiftin.h"
#include "quizio/quizjson.h"
#include "quizio/quizmoodle.h"
#include "quizio/quizqti.h"
#include "quizio/quiztxt.h"
#include "quizio/quizxlsx.h"

#include <string.h>

static const AjQuizFormat formats[] = {
    {"json", aj_quizjson_parse, aj_quizjson_print},
    {"gift", aj_quizgiftin_parse, aj_quizgift_print},
    {"csv", aj_quizcsv_parse, aj_quizcsv_print},
    {"moodlexml", NULL, aj_quizmoodle_print},
    {"qti21", NULL, aj_quizqti_print},
    {"xlsx", aj_quizxlsx_parse, NULL},
    {"txt", aj_quiztxt_parse, NULL},
};

const AjQuizFormat *aj_quizformat_find(const char *name, bool to_write)
{
    for (size_t i = 0; i < G_N_ELEMENTS(formats); i++)
        if (strcmp(formats[i].name, name) == 0)
            return (to_write ? formats[i].print != NULL : formats[i].parse != NULL) ? &formats[i]
                                                                                    : NULL;
    return NULL;
}

char *aj_quizformat_names(bool to_write)
{
    GString *out = g_string_new(NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(formats); i++)
        if (to_write ? formats[i].print != NULL : formats[i].parse != NULL)
            g_string_append_printf(out, "%s%s", out->len ? AJ_TR("、", ", ") : "", formats[i].name);
    return g_string_free(out, FALSE);
}
