/* The pieces of the search index that the cache keeps: any bytes are a page's terms, or a run.
 * Nothing is read outside them, and what is made from a page's terms can be read. */
#include "index/run.h"
#include "index/segment.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_chunk(const uint8_t *bytes, size_t len)
{
    AjRunChunk chunk;
    if (aj_run_chunk(bytes, len, &chunk))
        g_assert(chunk.postings >= bytes && chunk.postings + chunk.len <= bytes + len);
}

static bool read_run(const char *bytes, size_t len)
{
    AjRun run;
    if (!aj_run_open(bytes, len, &run))
        return false;
    for (uint32_t i = 0; i < run.pairs; i++)
        check_chunk(run.chunks + run.offsets[i], run.offsets[i + 1] - run.offsets[i]);
    for (unsigned n = 0; run.word; n++) {
        g_assert(n <= len);
        g_assert(!run.word_len || memchr(run.word, run.word[0], run.word_len));
        check_chunk(run.word_chunk, run.word_chunk_len);
        aj_run_next_word(&run);
    }
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 4 || size > 4096)
        return 0;
    if (data[0] == 'r') {
        uint32_t *aligned = g_memdup2(data + 4, size - 4);
        read_run((const char *)aligned, size - 4);
        g_free(aligned);
        return 0;
    }
    g_autoptr(GString) terms = g_string_new(NULL);
    g_string_set_size(terms, AJ_SEGMENT_HEADER);
    g_string_append_len(terms, (const char *)data + 4, (gssize)size - 4);
    AjRunPage pages[2] = {{.terms = (const uint8_t *)terms->str,
                           .len = terms->len,
                           .units = data[1],
                           .title_class = data[2] & 3}};
    pages[1] = pages[0];
    g_autoptr(GString) run = g_string_new(NULL);
    aj_run_build(pages, 2, data[3] + 1u, run);
    g_assert(read_run(run->str, run->len));
    return 0;
}
