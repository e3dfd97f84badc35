/* The index of a made site: same bytes from cached runs, small files, one changed page. */
#include "index/segment.h"
#include "index/shard.h"

#include <glib.h>
#include <string.h>

typedef struct {
    GHashTable *files, *cache, *keys, *names; /* names: of this build */
    unsigned loads, stores, kept, made;
    unsigned left;  /* files until the sink says stop; 0: never */
    unsigned spoil; /* of so many files that could stay, one was touched; 0: none */
} Sink;

static void string_free(gpointer s)
{
    g_string_free(s, TRUE);
}

/* The file of the build before, when it was made from the same. */
static bool sink_keep(const char *name, const AjHash *key, void *data)
{
    Sink *s = data;
    const AjHash *known = g_hash_table_lookup(s->keys, name);
    if (!known || !aj_hash_equal(known, key) || (s->spoil && g_str_hash(name) % s->spoil == 0))
        return false;
    g_assert_true(g_hash_table_add(s->names, g_strdup(name)));
    s->kept++;
    return true;
}

static bool sink_file(const char *name, const AjHash *key, const char *bytes, size_t len,
                      void *data)
{
    Sink *s = data;
    g_hash_table_replace(s->keys, g_strdup(name), g_memdup2(key, sizeof *key));
    g_assert_true(g_hash_table_add(s->names, g_strdup(name)));
    g_assert_cmpuint(len, <=, 64 << 10);
    g_assert_true(g_utf8_validate(bytes, (gssize)len, NULL));
    g_assert_true(g_str_has_prefix(bytes, "aj(\""));
    g_assert_null(g_strstr_len(bytes, (gssize)len, "<"));
    g_hash_table_replace(s->files, g_strdup(name), g_string_new_len(bytes, (gssize)len));
    s->made++;
    return !s->left || --s->left;
}

static bool sink_load(const char *key, GString *bytes, void *data)
{
    Sink *s = data;
    const GString *known = g_hash_table_lookup(s->cache, key);
    if (!known)
        return false;
    s->loads += strcmp(key, "digest") != 0;
    g_string_append_len(bytes, known->str, (gssize)known->len);
    return true;
}

static void sink_store(const char *key, const char *bytes, size_t len, void *data)
{
    Sink *s = data;
    s->stores += strcmp(key, "digest") != 0;
    g_hash_table_insert(s->cache, g_strdup(key), g_string_new_len(bytes, (gssize)len));
}

static Sink sink_new(void)
{
    return (Sink){.files = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, string_free),
                  .keys = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free),
                  .names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
                  .cache = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, string_free)};
}

static void sink_free(Sink *s)
{
    g_hash_table_destroy(s->files);
    g_hash_table_destroy(s->cache);
    g_hash_table_destroy(s->keys);
    g_hash_table_destroy(s->names);
}

typedef struct {
    AjArena *arena;
    AjShardPage *pages;
    GString **terms;
    uint32_t count;
} Site;

/* Some hundred Han a page from a small generator; `edit` marks the page that differs. */
static Site site_new(uint32_t count, uint32_t edit)
{
    Site s = {aj_arena_new(1 << 16), g_new0(AjShardPage, count + 1), g_new0(GString *, count + 1),
              count};
    for (uint32_t i = 0; i < count; i++) {
        uint32_t seed = i * 2654435761u + 12345;
        AjValue *sections = aj_value_list(s.arena), *facets = aj_value_map(s.arena);
        for (unsigned k = 0; k < 3; k++) {
            GString *text = g_string_new(i == edit ? "改了一处。" : "");
            for (unsigned c = 0; c < 150; c++) {
                seed = seed * 1664525 + 1013904223;
                uint32_t r = seed >> 16;
                g_string_append_unichar(text, 0x5B89 + r % 400 * (r % 3) / 2);
                if (r % 31 == 0)
                    g_string_append(text, "，a<b \"GB-12\" ");
            }
            AjValue *section = aj_value_map(s.arena);
            aj_value_set_string(s.arena, section, "id", "x");
            aj_value_set_string(s.arena, section, "title", "原因");
            aj_value_set_string(s.arena, section, "text", text->str);
            aj_value_push(s.arena, sections, section);
            g_string_free(text, TRUE);
        }
        aj_value_set_string(s.arena, facets, "kind", i % 3 ? "case" : "lesson");
        s.pages[i].address = aj_arena_printf(s.arena, "p/%05u.html", i);
        s.pages[i].title = aj_arena_printf(s.arena, "第%u号事故", i);
        s.pages[i].kind = "case";
        s.pages[i].facets = facets;
        AjSegmentInput in = {.title = s.pages[i].title,
                             .kind = "case",
                             .address = s.pages[i].address,
                             .sections = sections};
        s.terms[i] = g_string_new(NULL);
        aj_segment_page(&in, s.terms[i]);
        s.pages[i].terms = s.terms[i]->str;
        s.pages[i].terms_len = s.terms[i]->len;
    }
    return s;
}

static void site_free(Site *s)
{
    for (uint32_t i = 0; i < s->count; i++)
        g_string_free(s->terms[i], TRUE);
    g_free(s->terms);
    g_free(s->pages);
    aj_arena_free(s->arena);
}

static gboolean file_is_gone(gpointer name, gpointer bytes, gpointer data)
{
    (void)bytes;
    return !g_hash_table_contains(((Sink *)data)->names, name);
}

static bool build(const Site *site, Sink *sink, bool cached)
{
    AjShardSink to = {.file = sink_file, .data = sink};
    if (cached) {
        to.load = sink_load;
        to.store = sink_store;
        to.keep = sink_keep;
    }
    g_hash_table_remove_all(sink->names);
    bool done = aj_shard_build(site->pages, site->count, &to);
    g_hash_table_foreach_remove(sink->files, file_is_gone, sink);
    return done;
}

static void assert_same(const Sink *x, const Sink *y)
{
    GHashTableIter iter;
    gpointer name, bytes;
    g_assert_cmpuint(g_hash_table_size(x->files), ==, g_hash_table_size(y->files));
    g_hash_table_iter_init(&iter, x->files);
    while (g_hash_table_iter_next(&iter, &name, &bytes)) {
        const GString *other = g_hash_table_lookup(y->files, name);
        g_assert_nonnull(other);
        g_assert_true(g_string_equal(bytes, other));
    }
}

static void test_sizes(void)
{
    static const uint32_t counts[] = {0, 1, 2, 65, 300};
    for (unsigned i = 0; i < G_N_ELEMENTS(counts); i++) {
        Site site = site_new(counts[i], UINT32_MAX);
        Sink sink = sink_new();
        g_assert_true(build(&site, &sink, false));
        g_assert_nonnull(g_hash_table_lookup(sink.files, "manifest.js"));
        sink_free(&sink);
        site_free(&site);
    }
}

static void test_incremental(void)
{
    Site before = site_new(900, UINT32_MAX), after = site_new(900, 450);
    Sink cached = sink_new(), fresh = sink_new();
    g_assert_true(build(&before, &cached, true));
    g_assert_cmpuint(cached.loads, ==, 0);
    unsigned groups = cached.stores;
    g_assert_cmpuint(groups, >, 1);
    g_assert_true(build(&before, &fresh, false));
    assert_same(&cached, &fresh);

    g_assert_true(build(&after, &cached, true));
    g_assert_cmpuint(cached.loads, ==, groups - 1); /* one group made anew */
    g_assert_cmpuint(cached.kept, >, 10);
    g_assert_true(build(&after, &fresh, false));
    assert_same(&cached, &fresh);

    cached.made = 0;
    g_assert_true(build(&after, &cached, true));
    g_assert_cmpuint(cached.made, ==, 0);
    assert_same(&cached, &fresh);
    for (cached.spoil = 1; cached.spoil < 12; cached.spoil++) { /* some files are not there */
        cached.made = 0;
        g_assert_true(build(&after, &cached, true));
        g_assert_cmpuint(cached.made, >, 0);
        assert_same(&cached, &fresh);
    }
    sink_free(&cached);
    sink_free(&fresh);
    site_free(&before);
    site_free(&after);
}

/* A spoilt cache entry is made anew. */
static void test_bad_cache(void)
{
    Site site = site_new(80, UINT32_MAX);
    Sink cached = sink_new(), fresh = sink_new();
    g_assert_true(build(&site, &cached, true));
    GHashTableIter iter;
    gpointer bytes;
    g_hash_table_iter_init(&iter, cached.cache);
    while (g_hash_table_iter_next(&iter, NULL, &bytes))
        g_string_truncate(bytes, 100);
    g_hash_table_remove_all(cached.keys);
    g_assert_true(build(&site, &cached, true));
    g_assert_true(build(&site, &fresh, false));
    assert_same(&cached, &fresh);
    sink_free(&cached);
    sink_free(&fresh);
    site_free(&site);
}

/* The digest cut anywhere: what it still says is true. */
static void test_cut_digest(void)
{
    Site site = site_new(80, UINT32_MAX);
    Sink cached = sink_new(), fresh = sink_new();
    g_assert_true(build(&site, &fresh, false));
    g_assert_true(build(&site, &cached, true));
    GString *digest = g_hash_table_lookup(cached.cache, "digest");
    g_assert_nonnull(digest);
    size_t whole = digest->len;
    for (size_t len = 0; len < whole; len += len < 40 ? 1 : 1 + whole / 50) {
        digest = g_hash_table_lookup(cached.cache, "digest");
        g_assert_cmpuint(digest->len, ==, whole);
        g_string_truncate(digest, len);
        g_assert_true(build(&site, &cached, true));
        assert_same(&cached, &fresh);
    }
    sink_free(&cached);
    sink_free(&fresh);
    site_free(&site);
}

static void test_bad_terms(void)
{
    Site site = site_new(3, UINT32_MAX);
    Sink sink = sink_new();
    for (size_t len = 0; len < site.terms[1]->len; len += 97) {
        site.pages[1].terms_len = len;
        g_assert_true(build(&site, &sink, false));
    }
    site.pages[1].terms = NULL;
    site.pages[1].terms_len = 0;
    g_assert_true(build(&site, &sink, false));
    sink_free(&sink);
    site_free(&site);
}

static void test_stop(void)
{
    Site site = site_new(70, UINT32_MAX);
    Sink sink = sink_new();
    g_assert_true(build(&site, &sink, false));
    unsigned files = g_hash_table_size(sink.files);
    for (unsigned left = 1; left <= files; left++) {
        sink.left = left;
        g_assert_false(build(&site, &sink, false));
        g_assert_cmpuint(g_hash_table_size(sink.files), ==, left);
    }
    sink_free(&sink);
    site_free(&site);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/index/shard/sizes", test_sizes);
    g_test_add_func("/index/shard/incremental", test_incremental);
    g_test_add_func("/index/shard/bad-cache", test_bad_cache);
    g_test_add_func("/index/shard/cut-digest", test_cut_digest);
    g_test_add_func("/index/shard/bad-terms", test_bad_terms);
    g_test_add_func("/index/shard/stop", test_stop);
    return g_test_run();
}
