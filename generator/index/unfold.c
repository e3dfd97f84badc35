/* unfold - search files as bytes that change little where a page changes, and back.
 *
 * {numbering, reach, {name, form, content}…}; a content of form PLAIN is {length, bytes}, of the
 * others entries in the order of index/entries, with whole bytes for their numbers:
 * {tiered?, all, parts, {gap << 3 | impact}…, 0}; a content of form TEXTS is the texts of a
 * fragment file, {n, {length, text}…}. See unfold.h. Must not know: compressors, archives, the file
 * system. */
#include "index/unfold.h"

#include "base/text.h"
#include "index/code.h"
#include "index/entries.h"
#include "index/moves.h"
#include "index/run.h"
#include "index/shard.h"
#include "index/terse.h"

#include <stdlib.h>
#include <string.h>

typedef enum { PLAIN, PAIRS, WORDS, PART, TEXTS, FORMS } Form;
enum { NUMBERING = 8, TEXT_MAX = 1 << 20 };

typedef struct {
    uint32_t reach; /* 0: no manifest, nothing is unfolded */
    char numbering[NUMBERING + 1];
} Edition;
typedef struct {
    uint32_t document, impact;
} Posting;

/* --- files to bytes --- */

typedef struct {
    Edition edition;
    const AjMoves *moves; /* NULL: none */
    GString *raw, *again; /* scratch: bits of a file; a file folded again */
    GString *text;
    AjTerse *terse;
    GArray *list; /* Posting */
} Printer;

static Edition edition_of(const AjUnfoldFile *files, uint32_t count)
{
    Edition e = {0};
    AjShardManifest m;
    for (uint32_t i = 0; i < count; i++)
        if (!strcmp(files[i].name, "manifest.js") &&
            aj_shard_manifest(files[i].bytes, files[i].len, &m)) {
            e.reach = m.reach;
            memcpy(e.numbering, m.numbering, sizeof e.numbering);
        }
    return e;
}

/* f/ holds texts; t/b0.js and t/5b89-0.js hold pairs, t/w0.js words, t/5b890000-1.js and
 * t/x6162-1.js parts. */
static Form form_of(const char *name)
{
    if (g_str_has_prefix(name, "f/") && g_str_has_suffix(name, ".js"))
        return TEXTS;
    if (!g_str_has_prefix(name, "t/") || !g_str_has_suffix(name, ".js"))
        return PLAIN;
    name += 2;
    if (*name == 'w')
        return WORDS;
    const char *dash = strchr(name, '-');
    return !dash ? PAIRS : *name == 'x' || dash - name > 4 ? PART : PAIRS;
}

/* Appends what stands before the payload: `aj("t/0","NUMBERING","`. */
static void script_begin(GString *out, const char *name, const char *numbering)
{
    g_string_append_printf(out, "aj(\"%.*s\",\"%s\",\"", (int)strlen(name) - 3, name, numbering);
}
static const char script_end[] = "\");\n";

/* What stands between the beginning and the end of a script of ours. */
static bool payload_find(GString *scratch, const AjUnfoldFile *f, const char *numbering,
                         const char **at, size_t *len)
{
    g_string_truncate(scratch, 0);
    script_begin(scratch, f->name, numbering);
    size_t head = scratch->len, tail = sizeof script_end - 1;
    if (f->len < head + tail || memcmp(f->bytes, scratch->str, head) ||
        memcmp(f->bytes + f->len - tail, script_end, tail))
        return false;
    *at = f->bytes + head;
    *len = f->len - head - tail;
    return true;
}

static bool payload_read(Printer *p, const AjUnfoldFile *f)
{
    const char *at;
    size_t len;
    if (!payload_find(p->raw, f, p->edition.numbering, &at, &len))
        return false;
    g_string_truncate(p->raw, 0);
    return aj_code_read_text(at, len, p->raw);
}

static bool texts_print(Printer *p, const AjUnfoldFile *f, GString *out)
{
    const char *at, *end, *next;
    size_t len;
    uint32_t count = 1;
    if (!payload_find(p->raw, f, "", &at, &len))
        return false;
    end = at + len;
    for (const char *c = at; c < end; c++)
        count += *c == '&';
    aj_code_append(out, count);
    for (bool sound = true; sound; at = next + 1) {
        next = memchr(at, '&', (size_t)(end - at));
        next = next ? next : end;
        g_string_truncate(p->raw, 0);
        g_string_truncate(p->text, 0);
        sound =
            at == next || (aj_code_read_text(at, (size_t)(next - at), p->raw) &&
                           aj_terse_read(p->terse, p->raw->str, p->raw->len, TEXT_MAX, p->text));
        if (!sound)
            return false;
        aj_code_append_string(out, p->text->str, p->text->len);
        if (next == end)
            return true;
    }
    return false;
}

static int posting_compare(const void *x, const void *y)
{
    const Posting *a = x, *b = y;
    return a->document < b->document ? -1 : a->document > b->document;
}

static bool list_print(Printer *p, AjBitsView *view, uint32_t count, GString *out)
{
    AjEntryList l = aj_entries_list(p->edition.reach, count);
    Posting x;
    bool rising = true;
    g_array_set_size(p->list, 0);
    for (uint32_t last = 0; count; count--) {
        if (!aj_entries_take(&l, view, &x.document, &x.impact))
            return false;
        if (p->moves && !aj_moves_find(p->moves, &x.document))
            continue;
        rising = rising && x.document >= last;
        last = x.document;
        g_array_append_val(p->list, x);
    }
    Posting *list = (Posting *)(void *)p->list->data;
    if (!rising)
        qsort(list, p->list->len, sizeof *list, posting_compare);
    size_t at = out->len;
    g_string_set_size(out, at + (size_t)p->list->len * 5 + 1);
    uint8_t *to = (uint8_t *)out->str + at;
    uint32_t next = 0;
    for (uint32_t i = 0; i < p->list->len; i++) {
        to = aj_code_put(to, (list[i].document - next) << AJ_IMPACT_BITS | list[i].impact);
        next = list[i].document + 1;
    }
    *to++ = 0;
    g_string_truncate(out, (gsize)((char *)to - out->str));
    return true;
}

static bool entry_print(Printer *p, AjBitsView *view, GString *out)
{
    AjEntryHead head;
    if (!aj_entries_take_head(view, &head))
        return false;
    g_string_append_c(out, head.tiered);
    if (head.tiered) {
        aj_code_append(out, head.all);
        aj_code_append(out, head.parts);
    }
    return list_print(p, view, head.here, out);
}

static bool content_print(Printer *p, Form form, GString *out)
{
    AjBitsView view = {(const uint8_t *)p->raw->str, 0, p->raw->len * 8, false};
    AjEntryPairs pairs;
    uint32_t count, key;
    bool sound = true;
    if (form == PART)
        return aj_entries_take_part(&view, &count) && list_print(p, &view, count, out);
    if (form == WORDS) {
        GString *word = g_string_new(NULL);
        sound = aj_entries_take_words(&view, &count);
        aj_code_append(out, count);
        for (uint32_t i = 0; i < count && sound; i++) {
            sound = aj_entries_take_word(&view, word);
            aj_code_append_string(out, word->str, word->len);
            sound = sound && entry_print(p, &view, out);
        }
        g_string_free(word, TRUE);
        return sound;
    }
    if (!aj_entries_take_pairs(&view, &pairs, &count))
        return false;
    g_string_append_c(out, (char)pairs.shift);
    aj_code_append(out, count);
    for (uint32_t i = 0; i < count && sound; i++) {
        sound = aj_entries_take_pair(&pairs, &view, &key);
        uint32_t big = GUINT32_TO_BE(key);
        g_string_append_len(out, (const char *)&big, sizeof big);
        sound = sound && entry_print(p, &view, out);
    }
    return sound;
}

/* --- bytes to files --- */

typedef struct {
    const uint8_t *at, *end;
} Bytes;

static bool byte_get(Bytes *b, uint8_t *out)
{
    if (b->at == b->end)
        return false;
    *out = *b->at++;
    return true;
}

/* How many postings stand before the closing 0. */
static bool list_count(Bytes b, uint32_t *count)
{
    uint32_t n;
    for (*count = 0; aj_code_get(&b.at, b.end, &n); ++*count)
        if (!n)
            return true;
    return false;
}

static bool list_fold(Bytes *b, uint32_t reach, uint32_t count, AjBits *bits)
{
    AjEntryList l = aj_entries_list(reach, count);
    uint32_t n;
    for (int64_t next = 0; aj_code_get(&b->at, b->end, &n) && n;) {
        next += n >> AJ_IMPACT_BITS;
        if (next >= UINT32_MAX || n >> AJ_IMPACT_BITS >= 1u << 30 || !(n & AJ_IMPACT_MAX))
            return false;
        aj_entries_add(&l, bits, (uint32_t)next++, n & AJ_IMPACT_MAX);
    }
    return true;
}

static bool entry_fold(Bytes *b, uint32_t reach, AjBits *bits)
{
    AjEntryHead head = {0};
    uint8_t tiered;
    if (!byte_get(b, &tiered) || tiered > 1)
        return false;
    head.tiered = tiered;
    if (tiered && (!aj_code_get(&b->at, b->end, &head.all) || head.all >= 1u << 30 ||
                   !aj_code_get(&b->at, b->end, &head.parts) || head.parts >= 1u << 30))
        return false;
    if (!list_count(*b, &head.here))
        return false;
    aj_entries_head(bits, &head);
    return list_fold(b, reach, head.here, bits);
}

static bool words_fold(Bytes *b, uint32_t reach, AjBits *bits)
{
    GString *last = g_string_new(NULL), *word = g_string_new(NULL);
    uint32_t count;
    bool sound = aj_code_get(&b->at, b->end, &count) && count < 1u << 30;
    if (sound)
        aj_entries_words(bits, count);
    for (uint32_t i = 0; sound && i < count; i++) {
        const char *s;
        size_t len;
        sound = aj_code_get_string(&b->at, b->end, &s, &len);
        if (!sound)
            break;
        g_string_truncate(word, 0);
        g_string_append_len(word, s, (gssize)len);
        aj_entries_word(bits, last, word);
        sound = entry_fold(b, reach, bits);
        GString *swap = last;
        last = word;
        word = swap;
    }
    g_string_free(last, TRUE);
    g_string_free(word, TRUE);
    return sound;
}

static bool pairs_fold(Bytes *b, uint32_t reach, AjBits *bits)
{
    uint8_t shift;
    uint32_t count, big, key;
    if (!byte_get(b, &shift) || shift > 15 || !aj_code_get(&b->at, b->end, &count) ||
        count >= 1u << 30)
        return false;
    AjEntryPairs pairs = aj_entries_pairs(bits, shift, count);
    for (uint32_t i = 0; i < count; i++) {
        if (b->end - b->at < 4)
            return false;
        memcpy(&big, b->at, 4);
        b->at += 4;
        key = GUINT32_FROM_BE(big);
        if (key <= pairs.last ||
            (key >> 16 == pairs.last >> 16 && (key - pairs.last) & ((1u << shift) - 1)))
            return false;
        aj_entries_pair(&pairs, bits, key);
        if (!entry_fold(b, reach, bits))
            return false;
    }
    return true;
}

static bool texts_fold(Bytes *b, AjTerse *terse, const char *name, GString *raw, GString *out)
{
    uint32_t count;
    const char *text;
    size_t len;
    if (!aj_code_get(&b->at, b->end, &count))
        return false;
    g_string_truncate(out, 0);
    script_begin(out, name, "");
    for (uint32_t i = 0; i < count; i++) {
        if (!aj_code_get_string(&b->at, b->end, &text, &len) || aj_utf8_invalid_at(text, len) < len)
            return false;
        if (i)
            g_string_append_c(out, '&');
        g_string_truncate(raw, 0);
        if (len)
            aj_terse_print(terse, text, len, raw);
        aj_code_append_text(out, raw->str, raw->len);
    }
    g_string_append(out, script_end);
    return true;
}

static bool content_fold(Bytes *b, Form form, const Edition *e, AjTerse *terse, const char *name,
                         GString *raw, GString *out)
{
    uint32_t count;
    if (form == TEXTS)
        return texts_fold(b, terse, name, raw, out);
    g_string_truncate(raw, 0);
    AjBits bits = {.out = raw};
    if (form == PART) {
        if (!list_count(*b, &count))
            return false;
        aj_entries_part(&bits, count);
        if (!list_fold(b, e->reach, count, &bits))
            return false;
    } else if (!(form == WORDS ? words_fold : pairs_fold)(b, e->reach, &bits)) {
        return false;
    }
    aj_bits_end(&bits);
    g_string_truncate(out, 0);
    script_begin(out, name, e->numbering);
    aj_code_append_text(out, raw->str, raw->len);
    g_string_append(out, script_end);
    return true;
}

/* --- the whole --- */

/* What cannot be unfolded, or would not be folded to the same bytes, goes as it is. */
static void file_print(Printer *p, const AjUnfoldFile *f, GString *out)
{
    Form form = p->edition.reach ? form_of(f->name) : PLAIN;
    aj_code_append_string(out, f->name, strlen(f->name));
    size_t at = out->len;
    g_string_append_c(out, (char)form);
    if (form == TEXTS   ? texts_print(p, f, out)
        : form != PLAIN ? payload_read(p, f) && content_print(p, form, out)
                        : false) {
        Bytes b = {(const uint8_t *)out->str + at + 1, (const uint8_t *)out->str + out->len};
        if (p->moves ||
            (content_fold(&b, form, &p->edition, p->terse, f->name, p->raw, p->again) &&
             b.at == b.end && p->again->len == f->len && !memcmp(p->again->str, f->bytes, f->len)))
            return;
    }
    g_string_truncate(out, at);
    g_string_append_c(out, PLAIN);
    aj_code_append_string(out, f->bytes, f->len);
}

void aj_unfold_print(const AjUnfoldFile *files, uint32_t count, const char *moves, size_t moves_len,
                     GString *out)
{
    Printer p = {.edition = edition_of(files, count),
                 .moves = moves ? aj_moves_open(moves, moves_len) : NULL,
                 .raw = g_string_new(NULL),
                 .again = g_string_new(NULL),
                 .text = g_string_new(NULL),
                 .terse = aj_terse_new(),
                 .list = g_array_new(FALSE, FALSE, sizeof(Posting))};
    g_string_append_len(out, p.edition.numbering, NUMBERING);
    aj_code_append(out, p.edition.reach);
    for (uint32_t i = 0; i < count; i++)
        file_print(&p, &files[i], out);
    aj_moves_free(p.moves);
    g_string_free(p.raw, TRUE);
    g_string_free(p.again, TRUE);
    g_string_free(p.text, TRUE);
    aj_terse_free(p.terse);
    g_array_free(p.list, TRUE);
}

void aj_unfold_moves(const AjUnfoldFile *old, uint32_t old_count, const AjUnfoldFile *new,
                     uint32_t new_count, GString *moves)
{
    AjMovesSide *from = aj_moves_side(old, old_count), *to = aj_moves_side(new, new_count);
    aj_moves_print(from, to, moves);
    aj_moves_side_free(from);
    aj_moves_side_free(to);
}

bool aj_unfold_read(const char *bytes, size_t len, AjUnfoldSink sink, void *data)
{
    Bytes b = {(const uint8_t *)bytes, (const uint8_t *)bytes + len};
    Edition e = {0};
    if (len < NUMBERING)
        return false;
    memcpy(e.numbering, b.at, NUMBERING);
    b.at += NUMBERING;
    bool going = aj_code_get(&b.at, b.end, &e.reach);
    GString *raw = g_string_new(NULL), *out = g_string_new(NULL), *name = g_string_new(NULL);
    AjTerse *terse = aj_terse_new();
    while (going && b.at < b.end) {
        const char *s, *content;
        size_t n;
        uint8_t form;
        going = aj_code_get_string(&b.at, b.end, &s, &n) && !memchr(s, '\0', n) &&
                byte_get(&b, &form) && form < FORMS;
        if (!going)
            break;
        g_string_truncate(name, 0);
        g_string_append_len(name, s, (gssize)n);
        if (form == PLAIN) {
            going =
                aj_code_get_string(&b.at, b.end, &content, &n) && sink(name->str, content, n, data);
        } else {
            going = form_of(name->str) == form &&
                    content_fold(&b, form, &e, terse, name->str, raw, out) &&
                    sink(name->str, out->str, out->len, data);
        }
    }
    g_string_free(raw, TRUE);
    g_string_free(out, TRUE);
    g_string_free(name, TRUE);
    aj_terse_free(terse);
    return going;
}
