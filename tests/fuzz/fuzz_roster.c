/* Rosters, in UTF-8 or GB18030: each worker has a number, and each number stands once. */
#include "records/roster.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AjArena *a = aj_arena_new(16 * 1024);
    AjDiags *diags = aj_diags_new();
    g_autoptr(GHashTable) numbers = g_hash_table_new(g_str_hash, g_str_equal);
    uint32_t count = 0;
    AjWorker *workers =
        aj_roster_parse(a, (const char *)data, size, "roster.csv", "key", &count, diags);
    g_assert_true(workers || aj_diags_total(diags));
    for (uint32_t i = 0; workers && i < count; i++)
        g_assert_true(*workers[i].number && g_hash_table_add(numbers, (char *)workers[i].number));
    aj_diags_free(diags);
    aj_arena_free(a);
    return 0;
}
