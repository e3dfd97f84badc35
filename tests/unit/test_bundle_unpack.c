/* Hostile bundles, well signed: none is applied, and nothing of them reaches the target or its
 * surroundings. Then every bit of a good one and of its signature changed, and every length. */
#include "bundle/apply.h"
#include "bundle/zip.h"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char *dir, *bundle_file, *key_file, *target;
static AjSecretKey key;

static char *in_dir(const char *name)
{
    return g_build_filename(dir, name, NULL);
}

static void put(const char *path, const char *bytes, size_t len)
{
    g_assert_true(g_file_set_contents(path, bytes, (gssize)len, NULL));
}

/* Signs what lies in bundle_file. */
static void sign(void)
{
    AjDigest digest;
    g_autoptr(GString) text = g_string_new(NULL);
    g_autofree char *to = g_strconcat(bundle_file, ".minisig", NULL);
    int fd = open(bundle_file, O_RDONLY);
    g_assert_true(aj_minisign_digest(fd, &digest, NULL));
    close(fd);
    aj_minisign_sign(&key, &digest, "of another program", text);
    put(to, text->str, text->len);
}

static bool apply(GError **error)
{
    AjApplyReport report;
    g_autoptr(AjUnpack) bundle = aj_unpack_open(bundle_file, key_file, error);
    return bundle && aj_apply(bundle, target, NULL, false, &report, error);
}

/* The folder of all this as one text: names, kinds, sizes. */
static char *picture(void)
{
    GString *out = g_string_new(NULL);
    g_autoptr(AjFsList) all = aj_fs_walk(dir, NULL, NULL, NULL);
    for (uint32_t i = 0; i < aj_fs_list_count(all); i++) {
        const AjFsEntry *e = aj_fs_list_at(all, i);
        if (!g_str_has_prefix(e->path, "bundle"))
            g_string_append_printf(out, "%s %o %u\n", e->path, e->mode, (unsigned)e->size);
    }
    return g_string_free(out, FALSE);
}

/* --- hostile ones --- */

typedef enum { ZIP, TAR, FORMS } Form;
typedef struct {
    const char *name, *bytes;
    unsigned type; /* AE_IFREG when 0 */
    const char *symlink, *hardlink;
    unsigned mode;
} Item;

static struct archive *writer(Form form)
{
    struct archive *a = archive_write_new();
    if (form == ZIP) {
        archive_write_set_format_zip(a);
    } else {
        archive_write_set_format_pax(a);
        archive_write_add_filter_zstd(a);
    }
    archive_write_set_bytes_in_last_block(a, 1);
    g_assert_cmpint(archive_write_open_filename(a, bundle_file), ==, ARCHIVE_OK);
    return a;
}

static void write_items(Form form, const Item *items, size_t count)
{
    struct archive *a = writer(form);
    for (size_t i = 0; i < count; i++) {
        const Item *item = &items[i];
        size_t len = item->bytes ? strlen(item->bytes) : 0;
        struct archive_entry *e = archive_entry_new();
        archive_entry_set_pathname(e, item->name);
        archive_entry_set_filetype(e, item->type ? item->type : AE_IFREG);
        archive_entry_set_perm(e, item->mode ? (mode_t)item->mode : 0644);
        archive_entry_set_size(e, (la_int64_t)len);
        archive_entry_set_rdevmajor(e, 1);
        archive_entry_set_rdevminor(e, 3);
        if (item->symlink)
            archive_entry_set_symlink(e, item->symlink);
        if (item->hardlink)
            archive_entry_set_hardlink(e, item->hardlink);
        if (archive_write_header(a, e) >= ARCHIVE_WARN && len)
            archive_write_data(a, item->bytes, len);
        archive_entry_free(e);
    }
    archive_write_close(a);
    archive_write_free(a);
    sign();
}

/* The manifest that would be true for these files (all but the first item, which it becomes). */
static char *manifest_of(const Item *items, size_t count)
{
    GString *json = g_string_new(NULL);
    AjManifest m = {.seq = 1, .edition = "", .commit = ""};
    AjManifestFile *files = g_new0(AjManifestFile, count + 1);
    for (size_t i = 0; i < count; i++) {
        const char *slash =
            g_str_has_prefix(items[i].name, "site/") ? items[i].name + 5 : items[i].name;
        const char *bytes = items[i].bytes ? items[i].bytes : "";
        files[i].path = slash;
        files[i].size = strlen(bytes);
        aj_hash(bytes, strlen(bytes), &files[i].hash);
    }
    m.files = files;
    m.count = (uint32_t)count;
    aj_manifest_identify(files, m.count, m.id);
    aj_manifest_print(&m, json);
    g_free(files);
    return g_string_free(json, FALSE);
}

static GHashTable *kinds; /* what was tried, each kind of archive once */

static void expect_refused(const char *what)
{
    g_hash_table_add(kinds, g_strdup(what));
    g_autoptr(GError) error = NULL;
    g_autofree char *before = picture();
    if (apply(&error)) {
        g_test_message("applied: %s", what);
        g_test_fail();
    }
    g_autofree char *after = picture();
    g_assert_cmpstr(before, ==, after);
    g_assert_true(!error || g_utf8_validate(error->message, -1, NULL));
}

static const char *const bad_names[] = {
    "../evil",
    "/etc/evil",
    "site/../evil",
    "site/../../evil",
    "site/a/../b",
    "site//a",
    "site/./a",
    "site/.hidden",
    "site/.anjian/state.json",
    ".anjian/state.json",
    "site/con",
    "site/NUL.html",
    "site/com1.txt",
    "site/lpt9",
    "site/aux/x",
    "site/a.",
    "site/a./b",
    "site/a b",
    "site/a:b",
    "site/a\\b",
    "site/a?b",
    "site/a*b",
    "site/a|b",
    "site/a<b",
    "site/a\"b",
    "site/\xe4\xb8\xad",
    "site/e\xcc\x81",
    "site/a\x01",
    "site/\xe2\x80\xae"
    "a",
    "site/-\n",
    "sites/a",
    "a",
    "SITE/a",
    "site",
    "site/"
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
    "aa"
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
    "aa",
};

static void test_names(void)
{
    for (Form form = ZIP; form < FORMS; form++)
        for (size_t i = 0; i < G_N_ELEMENTS(bad_names); i++) {
            Item items[] = {{"manifest.json", NULL, 0, NULL, NULL, 0},
                            {bad_names[i], "x", 0, NULL, NULL, 0}};
            g_autofree char *json = manifest_of(items + 1, 1);
            items[0].bytes = json;
            write_items(form, items, 2);
            expect_refused(bad_names[i]);
        }
}

static void test_types(void)
{
    static const Item odd[] = {
        {"site/a", NULL, AE_IFLNK, "/etc/passwd", NULL, 0},
        {"site/a", NULL, AE_IFLNK, "../../evil", NULL, 0},
        {"site/a", NULL, 0, NULL, "/etc/passwd", 0},
        {"site/a", NULL, 0, NULL, "manifest.json", 0},
        {"site/a", NULL, AE_IFDIR, NULL, NULL, 0},
        {"site/a", NULL, AE_IFIFO, NULL, NULL, 0},
        {"site/a", NULL, AE_IFCHR, NULL, NULL, 0},
        {"site/a", NULL, AE_IFBLK, NULL, NULL, 0},
        {"site/a", NULL, AE_IFSOCK, NULL, NULL, 0},
    };
    for (Form form = ZIP; form < FORMS; form++)
        for (size_t i = 0; i < G_N_ELEMENTS(odd); i++) {
            if (form == ZIP && !odd[i].symlink && odd[i].type != AE_IFDIR)
                continue; /* a zip made by libarchive cannot say it */
            Item items[] = {{"manifest.json", NULL, 0, NULL, NULL, 0},
                            odd[i],
                            {"site/b", "x", 0, NULL, NULL, 0}};
            g_autofree char *json = manifest_of(items + 1, 2);
            items[0].bytes = json;
            write_items(form, items, 3);
            expect_refused("an odd type");
        }
}

static void test_lists(void)
{
    const Item a = {"site/a", "x", 0, NULL, NULL, 0}, b = {"site/b", "y", 0, NULL, NULL, 0};
    const Item other = {"site/b", "z", 0, NULL, NULL, 0}, more = {"site/b", "yy", 0, NULL, NULL, 0};
    const Item upper = {"site/A", "x", 0, NULL, NULL, 0}, none = {"site/b", "", 0, NULL, NULL, 0};
    const Item patch = {"patch/000", "anjian patch 1\nfold -\nmakes 0\nneeds 0\nplain 1\nmoves 0\n",
                        0,           NULL,
                        NULL,        0};
    const Item start = {"start.html", "s", 0, NULL, NULL, 0};
    struct {
        const char *what;
        Item listed[3], held[4];
        unsigned listed_count, held_count;
    } cases[] = {
        {"a file is missing", {a, b}, {a}, 2, 1},
        {"a file too many", {a}, {a, b}, 1, 2},
        {"another order", {a, b}, {b, a}, 2, 2},
        {"a file twice", {a, b}, {a, a, b}, 2, 3},
        {"twice at the end", {a, b}, {a, b, b}, 2, 3},
        {"other bytes", {a, b}, {a, other}, 2, 2},
        {"more bytes", {a, b}, {a, more}, 2, 2},
        {"fewer bytes", {a, b}, {a, none}, 2, 2},
        {"listed twice", {a, a}, {a, a}, 2, 2},
        {"not sorted", {b, a}, {b, a}, 2, 2},
        {"case twins", {upper, a}, {upper, a}, 2, 2},
        {"two starts", {a}, {a, start, start}, 1, 3},
        {"no file at all", {a}, {a}, 1, 0},
        {"a patch in a whole bundle", {a}, {patch, a}, 1, 2},
        {"a patch in the place of a file", {a, b}, {patch, b}, 2, 2},
    };
    for (Form form = ZIP; form < FORMS; form++)
        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
            Item items[5] = {{"manifest.json", NULL, 0, NULL, NULL, 0}};
            g_autofree char *json = manifest_of(cases[i].listed, cases[i].listed_count);
            items[0].bytes = json;
            memcpy(items + 1, cases[i].held, sizeof cases[i].held);
            write_items(form, items, 1 + cases[i].held_count);
            expect_refused(cases[i].what);
            write_items(form, items + 1, cases[i].held_count); /* and without a manifest */
            expect_refused("no manifest");
            if (cases[i].held_count > 1) { /* or with it in second place */
                Item swap = items[0];
                items[0] = items[1];
                items[1] = swap;
                write_items(form, items, 1 + cases[i].held_count);
                expect_refused("the manifest second");
            }
        }
}

static const char *replace(const char *from, const char *to, char **json)
{
    g_auto(GStrv) parts = g_strsplit(*json, from, 2);
    g_assert_nonnull(parts[1]);
    g_free(*json);
    *json = g_strconcat(parts[0], to, parts[1], NULL);
    return *json;
}

static void test_manifests(void)
{
    static const char *const swaps[][2] = {
        {"\"format\": 1", "\"format\": 2"},
        {"\"format\": 1", "\"format\": \"1\""},
        {"\"seq\": 1", "\"seq\": -1"},
        {"\"seq\": 1", "\"seq\": 1.5"},
        {"\"seq\": 1", "\"seq\": 99999999999999999999"},
        {"\"seq\": 1", "\"seq\": 1, \"seq\": 2"},
        {"\"seq\": 1", "\"seq\": 1, \"more\": 2"},
        {"\"id\": \"", "\"id\": \"0"},
        {"\"commit\": \"\"", "\"commit\": \"../../x\""},
        {"\"base\": null", "\"base\": \"x\""},
        {"\"base\": null", "\"base\": 1"},
        {"\"size\": 1", "\"size\": -1"},
        {"\"size\": 1", "\"size\": 2"},
        {"\"size\": 1", "\"size\": 9223372036854775807"},
        {"\"path\": \"a\"", "\"path\": \"b\""},
        {"\"path\": \"a\"", "\"path\": \"../a\""},
        {"\"path\": \"a\"", "\"path\": 1"},
        {"\"deleted\": []", "\"deleted\": [\"../../x\"]"},
        {"\"deleted\": []", "\"deleted\": [\"x\"]"},
        {"\"deleted\": []", "\"deleted\": {}"},
        {"\"files\": [", "\"files\": [1,"},
        {"{", "[{"},
        {"}", ""},
    };
    const Item a = {"site/a", "x", 0, NULL, NULL, 0};
    for (size_t i = 0; i < G_N_ELEMENTS(swaps); i++) {
        char *json = manifest_of(&a, 1);
        Item items[] = {{"manifest.json", NULL, 0, NULL, NULL, 0}, a};
        items[0].bytes = replace(swaps[i][0], swaps[i][1], &json);
        write_items(ZIP, items, 2);
        expect_refused(swaps[i][1]);
        g_free(json);
    }
    g_autoptr(GString) deep = g_string_new(NULL);
    for (unsigned i = 0; i < 100000; i++)
        g_string_append_c(deep, '[');
    const Item items[] = {{"manifest.json", deep->str, 0, NULL, NULL, 0}};
    write_items(TAR, items, 1);
    expect_refused("a deep manifest");
}

/* A small zip whose one file would fill the disk: its head says one byte, as the manifest does. */
static void test_bomb(void)
{
    enum { BIG = 60 << 20 };
    g_autofree char *zeros = g_malloc(BIG + 1), *bytes = NULL;
    memset(zeros, '0', BIG);
    zeros[BIG] = 0;
    const Item small = {"site/a", "0", 0, NULL, NULL, 0};
    g_autofree char *json = manifest_of(&small, 1);
    const Item items[] = {{"manifest.json", json, 0, NULL, NULL, 0},
                          {"site/a", zeros, 0, NULL, NULL, 0}};
    for (Form form = ZIP; form < FORMS; form++) {
        write_items(form, items, 2);
        expect_refused("a bomb that says what it is");
    }
    write_items(ZIP, items, 2);
    const uint8_t honest[] = {BIG & 255, BIG >> 8 & 255, BIG >> 16 & 255, BIG >> 24};
    gsize len;
    unsigned lies = 0;
    g_assert_true(g_file_get_contents(bundle_file, &bytes, &len, NULL));
    g_assert_cmpuint(len, <, 1 << 20);
    for (char *at = bytes; (at = memmem(at, len - (size_t)(at - bytes), honest, 4)); lies++)
        memcpy(at, "\1\0\0\0", 4);
    g_assert_cmpuint(lies, >=, 1);
    put(bundle_file, bytes, len);
    sign();
    expect_refused("a bomb that lies");
}

static void test_many(void)
{
    enum { COUNT = AJ_MANIFEST_FILES_MAX + 1 };
    AjArena *arena = aj_arena_new(1 << 16);
    Item *items = g_new0(Item, COUNT + 1);
    for (uint32_t i = 1; i <= COUNT; i++)
        items[i] = (Item){aj_arena_printf(arena, "site/%06u", i), "", 0, NULL, NULL, 0};
    g_autofree char *json = manifest_of(items + 1, COUNT);
    items[0] = (Item){"manifest.json", json, 0, NULL, NULL, 0};
    write_items(TAR, items, 2); /* it ends with the manifest: the rest is never looked at */
    expect_refused("too many files");
    g_free(items);
    aj_arena_free(arena);
}

/* --- a good one, changed --- */

static GString *good_bundle(Form form)
{
    Item items[] = {{"manifest.json", NULL, 0, NULL, NULL, 0},
                    {"site/a.html", "<p>先通风，再检测，后作业", 0, NULL, NULL, 04755},
                    {"site/b/index.html", "<p>受限空间", 0, NULL, NULL, 0}};
    g_autofree char *json = manifest_of(items + 1, 2), *bytes = NULL;
    items[0].bytes = json;
    write_items(form, items, 3);
    gsize len;
    g_assert_true(g_file_get_contents(bundle_file, &bytes, &len, NULL));
    return g_string_new_len(bytes, (gssize)len);
}

static void test_joined(void)
{
    for (Form form = ZIP; form < FORMS; form++) {
        GString *good = good_bundle(form);
        g_autoptr(GString) changed = g_string_new_len(good->str, (gssize)good->len);
        g_string_append_len(changed, good->str, (gssize)good->len);
        put(bundle_file, changed->str, changed->len);
        sign();
        expect_refused("two archives");
        for (unsigned junk = 1; junk < 600; junk += 37) {
            g_string_assign(changed, "");
            g_string_append_len(changed, good->str, (gssize)good->len);
            for (unsigned i = 0; i < junk; i++)
                g_string_append_c(changed, (char)(i * 7));
            put(bundle_file, changed->str, changed->len);
            sign();
            expect_refused("junk behind");
            g_string_erase(changed, 0, (gssize)good->len);
            g_string_append_len(changed, good->str, (gssize)good->len);
            put(bundle_file, changed->str, changed->len);
            sign();
            expect_refused("junk before");
        }
        for (size_t len = 0; len < good->len; len += 1 + good->len / 60) { /* cut, and signed so */
            put(bundle_file, good->str, len);
            sign();
            expect_refused("cut short");
        }
        g_string_free(good, TRUE);
    }
    put(bundle_file, "", 0);
    sign();
    expect_refused("an empty file");
    unlink(bundle_file);
    g_assert_cmpint(mkdir(bundle_file, 0755), ==, 0);
    expect_refused("a folder");
    rmdir(bundle_file);
}

/* What our own digest and signature say of a bundle in memory. */
static bool is_signed(const AjPublicKey *public, int fd, const char *sig, size_t len)
{
    AjDigest digest;
    g_assert_cmpint(lseek(fd, 0, SEEK_SET), ==, 0);
    g_assert_true(aj_minisign_digest(fd, &digest, NULL));
    g_autofree char *comment = aj_minisign_verify(public, &digest, sig, len, NULL);
    return comment != NULL;
}

static void test_flips(void)
{
    g_autoptr(GString) noise = g_string_new(NULL);
    for (uint32_t i = 0, x = 7; i < 34000; i++) {
        x = x * 1664525 + 1013904223;
        g_string_append_c(noise, (char)('a' + (x >> 24) % 26));
    }
    const Item items[] = {{"manifest.json", noise->str, 0, NULL, NULL, 0}};
    write_items(ZIP, items, 1);
    g_autofree char *bytes = NULL, *sig = NULL, *text = NULL;
    g_autofree char *sig_file = g_strconcat(bundle_file, ".minisig", NULL);
    gsize len, sig_len, text_len;
    AjPublicKey public;
    g_assert_true(g_file_get_contents(bundle_file, &bytes, &len, NULL));
    g_assert_true(g_file_get_contents(sig_file, &sig, &sig_len, NULL));
    g_assert_true(g_file_get_contents(key_file, &text, &text_len, NULL));
    g_assert_true(aj_minisign_read_public(text, text_len, &public, NULL));
    int fd = open(bundle_file, O_RDWR);
    g_assert_true(is_signed(&public, fd, sig, sig_len));
    unsigned flips = 0, cuts = 0;
    for (size_t bit = 0; bit < len * 8; bit++, flips++) {
        char byte = (char)(bytes[bit / 8] ^ 1 << bit % 8);
        g_assert_cmpint(pwrite(fd, &byte, 1, (off_t)(bit / 8)), ==, 1);
        g_assert_false(is_signed(&public, fd, sig, sig_len));
        g_assert_cmpint(pwrite(fd, bytes + bit / 8, 1, (off_t)(bit / 8)), ==, 1);
    }
    for (size_t cut = len; cut-- > 0;) {
        cuts++;
        g_assert_cmpint(ftruncate(fd, (off_t)cut), ==, 0);
        g_assert_false(is_signed(&public, fd, sig, sig_len));
    }
    g_assert_cmpint(pwrite(fd, bytes, len, 0), ==, (gssize)len);
    g_assert_true(is_signed(&public, fd, sig, sig_len));
    /* Of the signature, only the untrusted comment's text and the last line feed may change. */
    size_t free_from = strlen("untrusted comment: "), free_to = strcspn(sig, "\n");
    for (size_t bit = 0; bit < sig_len * 8; bit++) {
        bool is_free = (bit / 8 >= free_from && bit / 8 < free_to) || bit / 8 == sig_len - 1;
        flips++;
        sig[bit / 8] ^= (char)(1 << bit % 8);
        if (!is_free)
            g_assert_false(is_signed(&public, fd, sig, sig_len));
        sig[bit / 8] ^= (char)(1 << bit % 8);
    }
    for (size_t cut = 0; cut < sig_len; cut++)
        g_assert_cmpint(is_signed(&public, fd, sig, cut), ==, cut == sig_len - 1);
    g_assert_true(is_signed(&public, fd, sig, sig_len));
    g_assert_cmpuint(flips, >=, 160000);
    g_assert_cmpuint(cuts, >=, 20000);
    g_test_message("%u flips, %u cuts", flips, cuts);
    close(fd);
}

/* And the good one is taken, its modes are ours. */
static void test_good(void)
{
    for (Form form = ZIP; form < FORMS; form++) {
        g_autoptr(GError) error = NULL;
        g_string_free(good_bundle(form), TRUE);
        g_autofree char *page = g_build_filename(target, "a.html", NULL);
        g_autofree char *before = picture();
        bool applied = apply(&error);
        g_assert_no_error(error);
        g_assert_true(applied);
        struct stat st;
        g_assert_cmpint(lstat(page, &st), ==, 0);
        g_assert_cmpint(st.st_mode, ==, S_IFREG | 0644);
        g_assert_true(aj_fs_remove_tree(target, NULL));
    }
}

static void test_kinds(void)
{
    g_test_message("%u kinds of hostile archives", g_hash_table_size(kinds));
    g_assert_cmpuint(g_hash_table_size(kinds), >=, 55);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    kinds = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    dir = g_dir_make_tmp("anjian-unpack-XXXXXX", NULL);
    bundle_file = in_dir("bundle");
    key_file = in_dir("bundle-key.pub");
    target = in_dir("target");
    g_autoptr(GString) public = g_string_new(NULL), secret = g_string_new(NULL);
    aj_minisign_generate(public, secret);
    put(key_file, public->str, public->len);
    g_assert_true(aj_minisign_read_secret(secret->str, secret->len, &key, NULL));
    g_test_add_func("/bundle/unpack/good", test_good);
    g_assert_cmpint(mkdir(target, 0755), ==, 0);
    g_test_add_func("/bundle/unpack/names", test_names);
    g_test_add_func("/bundle/unpack/types", test_types);
    g_test_add_func("/bundle/unpack/lists", test_lists);
    g_test_add_func("/bundle/unpack/manifests", test_manifests);
    g_test_add_func("/bundle/unpack/bomb", test_bomb);
    g_test_add_func("/bundle/unpack/many", test_many);
    g_test_add_func("/bundle/unpack/joined", test_joined);
    g_test_add_func("/bundle/unpack/flips", test_flips);
    g_test_add_func("/bundle/unpack/kinds", test_kinds);
    int code = g_test_run();
    g_hash_table_destroy(kinds);
    g_assert_true(aj_fs_remove_tree(dir, NULL));
    return code;
}
