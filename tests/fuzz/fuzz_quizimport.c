/* Old question banks: any bytes go through every import; what comes out is checked and printed in
 * every form. The first byte is left to the readers too. */
#include "model/quizcheck.h"
#include "quizio/quizfmt.h"
#include "quizio/quizformat.h"
#include "quizio/quizmarkdown.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const from[] = {"json", "csv", "xlsx", "txt", "gift"}, *const to[] = {
                                                                                  "json", "csv",
                                                                                  "gift",
                                                                                  "moodlexml",
                                                                                  "qti21"};
    if (size > 1 << 16)
        return 0;
    for (size_t i = 0; i < G_N_ELEMENTS(from); i++) {
        AjArena *a = aj_arena_new(4096);
        g_autoptr(AjDiags) diags = aj_diags_new();
        g_autoptr(GString) out = g_string_new(NULL);
        AjQuiz quiz;
        if (aj_quizformat_find(from[i], false)
                ->parse(a, (const char *)data, size, "q", &quiz, diags)) {
            bool good = aj_quizcheck(&quiz, "q", diags);
            aj_quizmarkdown_print(&quiz, out);
            for (size_t k = 0; good && k < G_N_ELEMENTS(to); k++)
                aj_quizformat_find(to[k], true)->print(&quiz, "q", out, diags);
        } else {
            g_assert_cmpuint(aj_diags_count(diags, AJ_ERROR), >, 0); /* never silent */
        }
        aj_arena_free(a);
    }
    AjArena *a = aj_arena_new(4096);
    g_autoptr(AjDiags) diags = aj_diags_new();
    g_autoptr(GString) out = g_string_new(NULL);
    aj_quizfmt(a, (const char *)data, size, "q", out, diags);
    aj_arena_free(a);
    return 0;
}
