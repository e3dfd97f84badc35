/* segment - a page's text to index terms: units, pairs of characters, Latin runs.
 *
 * Tuples are made unit by unit, so a stable radix sort by term alone leaves units in order.
 * Must not know: other pages, files, scores. */
#include "index/segment.h"

#include "base/hash.h"
#include "base/text.h"
#include "index/code.h"
#include "index/fold.h"

#include <string.h>

enum {
    UNIT_MIN = 120,    /* characters below which a section joins the one before */
    UNIT_BYTES = 1500, /* of text, about 500 Han: a longer one is cut */
    OVERLAP = 32,      /* characters repeated after a cut inside a run */
    UNITS_MAX = 65535, /* of a page; what follows stays in the last one */
    RUN_MAX = 48,      /* bytes of a Latin run that are kept */
    HEADING_MAX = 240,
    ADDRESS_MAX = 1024,
    TITLE_MAX = 600,
    KIND_MAX = 40,
    WEIGHT_BODY = 2,
    WEIGHT_HEADING = 5,
    WEIGHT_SHORT = 14, /* a heading of few characters says what the section is about */
    SHORT_BYTES = 30,
    WEIGHT_KEYWORD = 8,
    WEIGHT_TITLE = 12
};

#define ZERO_WIDTH "\xE2\x80\x8B"

typedef struct {
    uint64_t head; /* aj_code_head */
    uint32_t at, len, unit, weight;
} Word;
typedef struct {
    const char *id, *heading; /* borrowed */
    GString *text;
    uint32_t chars, terms;
} Unit;
typedef struct {
    uint64_t *pairs; /* key << 32 | unit << 16 | weight */
    size_t pair_count, pair_cap;
    GString *bytes; /* of the words */
    GArray *words;
    GString *units; /* packed */
    uint32_t unit;  /* number of the one under way */
    const AjSegmentInput *page;
    AjTerse *terse;
    GString *part, *coded; /* lines of the part under way */
    bool old;              /* it has characters that fold to other ones */
    GString *texts;        /* those done, packed */
    Unit open;
} Maker;

typedef struct {
    uint32_t weight; /* with flags */
    bool singles;    /* one-character terms too */
} Field;
static const Field field_body = {WEIGHT_BODY, false};
static const Field field_heading = {WEIGHT_HEADING | AJ_WEIGHT_HEADING, true};
static const Field field_short = {WEIGHT_SHORT | AJ_WEIGHT_HEADING, true};
static const Field field_keyword = {WEIGHT_KEYWORD | AJ_WEIGHT_HEADING, true};
static const Field field_title = {WEIGHT_TITLE | AJ_WEIGHT_TITLE, true};

static void add_word(Maker *m, const char *s, size_t len, uint32_t weight)
{
    Word w = {aj_code_head(s, len), (uint32_t)m->bytes->len, (uint32_t)len, m->unit, weight};
    g_string_append_len(m->bytes, s, (gssize)len);
    g_array_append_val(m->words, w);
    m->open.terms++;
}

static void add_pair(Maker *m, uint32_t first, uint32_t second, uint32_t weight)
{
    if (G_UNLIKELY(first > 0xFFFF || second > 0xFFFF)) {
        char both[12];
        int len = g_unichar_to_utf8(first, both);
        if (second)
            len += g_unichar_to_utf8(second, both + len);
        add_word(m, both, (size_t)len, weight);
        return;
    }
    if (G_UNLIKELY(m->pair_count == m->pair_cap)) {
        m->pair_cap = MAX(4096, m->pair_cap * 2);
        m->pairs = g_renew(uint64_t, m->pairs, m->pair_cap);
    }
    m->pairs[m->pair_count++] =
        (uint64_t)(first << 16 | second) << 32 | (uint64_t)m->unit << 16 | weight;
    m->open.terms++;
}

static bool is_joint(char c)
{
    return c == '-' || c == '.' || c == '_' || c == '/';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* A run whole, and its parts at -._/ and between letters and digits. */
static void add_run(Maker *m, const char *run, size_t len, uint32_t weight)
{
    while (len && is_joint(run[len - 1]))
        len--;
    if (!len)
        return;
    bool whole = true;
    for (size_t i = 0; i < len;) {
        size_t from = i++;
        while (i < len && !is_joint(run[i]) && is_digit(run[i]) == is_digit(run[i - 1]))
            i++;
        if (from || i < len)
            whole = false;
        add_word(m, run + from, i - from, weight);
        while (i < len && is_joint(run[i]))
            i++;
    }
    if (!whole)
        add_word(m, run, len, weight);
}

/* Is a Han character that was folded, and ends at p, another one? */
static bool is_other(const char *p, uint32_t folded)
{
    return folded >= 0x4E00 && folded <= 0x9FFF &&
           (((uint32_t)p[-1] ^ folded) & 0x3F || ((uint32_t)p[-2] ^ folded >> 6) & 0x3F);
}

/* Returns how many characters were letters or Han. */
static uint32_t add_text(Maker *m, const char *s, size_t len, Field field)
{
    char *composed = aj_fold_compose(s, len);
    if (composed) {
        s = composed;
        len = strlen(composed);
    }
    const char *p = s, *end = s + len;
    uint32_t last = 0, chars = 0; /* last: the CJK character just before */
    char run[RUN_MAX + 8];
    size_t run_len = 0;
    while (p < end) {
        uint32_t folded[AJ_FOLD_MAX];
        size_t n = aj_fold_next(&p, end, folded);
        for (size_t i = 0; i < n; i++) {
            uint32_t cp = folded[i];
            AjFoldClass class = aj_fold_class(cp);
            if (class == AJ_FOLD_CJK) {
                m->old |= is_other(p, cp);
                if (run_len)
                    add_run(m, run, run_len, field.weight);
                run_len = 0;
                if (last)
                    add_pair(m, last, cp, field.weight);
                if (field.singles)
                    add_pair(m, cp, 0, field.weight);
                last = cp;
                chars++;
                continue;
            }
            last = 0;
            if (class == AJ_FOLD_WORD || (run_len && cp < 0x80 && is_joint((char)cp))) {
                if (run_len < RUN_MAX)
                    run_len += (size_t)g_unichar_to_utf8(cp, run + run_len);
                chars++;
                continue;
            }
            if (run_len)
                add_run(m, run, run_len, field.weight);
            run_len = 0;
        }
    }
    if (run_len)
        add_run(m, run, run_len, field.weight);
    g_free(composed);
    return chars;
}

static size_t cut_length(const char *s, size_t limit)
{
    size_t len = strlen(s);
    if (len <= limit)
        return len;
    while (limit && ((unsigned char)s[limit] & 0xC0) == 0x80)
        limit--;
    return limit;
}

static void append_line(GString *out, const char *s, size_t limit)
{
    aj_code_append_plain(out, s, cut_length(s, limit));
    g_string_append_c(out, '\n');
}

static void part_begin(Maker *m)
{
    const char *address = m->page->address ? m->page->address : "", *kind = m->page->kind;
    bool plain = !kind || strcmp(kind, "page") == 0;
    size_t len = cut_length(address, ADDRESS_MAX);
    len -= len == strlen(address) && g_str_has_suffix(address, ".html") ? 5 : 0;
    g_string_truncate(m->part, 0);
    aj_code_append_plain(m->part, address, len);
    g_string_append_c(m->part, '\n');
    append_line(m->part, m->page->title ? m->page->title : "", TITLE_MAX);
    aj_code_append_plain(m->part, kind ? kind : "", plain ? 0 : cut_length(kind, KIND_MAX));
    for (uint32_t i = 0; !m->unit && i < aj_value_len(m->page->keywords); i++) {
        const AjValue *word = aj_value_at(m->page->keywords, i);
        if (word->type != AJ_VALUE_STRING)
            continue;
        g_string_append(m->part, ZERO_WIDTH);
        aj_code_append_plain(m->part, word->s, cut_length(word->s, HEADING_MAX));
    }
    g_string_append_c(m->part, '\n');
}

static void part_end(Maker *m)
{
    GString *bytes = m->coded, *text = m->part;
    if (m->old)
        append_line(text, "~", 1);
    m->old = false;
    g_string_truncate(bytes, 0);
    aj_terse_print(m->terse, text->str, text->len, bytes);
    g_string_truncate(text, 0);
    aj_code_append_text(text, bytes->str, bytes->len);
    aj_code_append_string(m->texts, text->str, text->len);
}

static void unit_close(Maker *m)
{
    if (m->unit % AJ_SEGMENT_PART == 0)
        part_begin(m);
    append_line(m->part, m->open.id, HEADING_MAX);
    size_t at = m->part->len;
    append_line(m->part, m->open.heading, HEADING_MAX);
    aj_code_append(m->units, m->open.terms);
    aj_code_append_string(m->units, m->part->str + at, m->part->len - at - 1);
    g_string_append_len(m->part, m->open.text->str, (gssize)m->open.text->len);
    g_string_append_c(m->part, '\n');
    g_string_truncate(m->open.text, 0);
    m->open.chars = m->open.terms = 0;
    if (++m->unit % AJ_SEGMENT_PART == 0)
        part_end(m);
}

/* Characters that end a run whatever they are folded to. */
static bool is_border(uint32_t cp)
{
    return cp <= ' ' || cp == ',' || cp == ';' || cp == 0x3001 || cp == 0x3002 || cp == 0xFF0C ||
           cp == 0xFF1B || cp == 0xFF1A || cp == 0xFF01 || cp == 0xFF1F;
}

/* How much of the text fits into `room` bytes: to the last border in its second half, else
 * to the last whole character. */
static size_t text_fit(const char *s, size_t len, size_t room, bool *in_run_out)
{
    const char *p = s, *end = s + len, *border = NULL, *fit = s;
    size_t cost = 0;
    *in_run_out = true;
    while (p < end) {
        const char *from = p;
        uint32_t cp = aj_utf8_next(&p, end);
        cost += (size_t)(p - from);
        if (cost > room)
            break;
        fit = p;
        if (cost > room / 2 && is_border(cp))
            border = p;
    }
    if (!border)
        return (size_t)(fit - s);
    *in_run_out = false;
    return (size_t)(border - s);
}

static void unit_add(Maker *m, const char *s, size_t len)
{
    Unit *u = &m->open;
    while (len) {
        size_t before = u->text->len;
        if (before)
            g_string_append_c(u->text, ' ');
        aj_code_append_plain(u->text, s, len);
        if (u->text->len <= UNIT_BYTES || m->unit + 1 >= UNITS_MAX) {
            u->chars += add_text(m, s, len, field_body);
            return;
        }
        g_string_truncate(u->text, before);
        bool in_run = true;
        size_t fit =
            before + 256 < UNIT_BYTES ? text_fit(s, len, UNIT_BYTES - before - 1, &in_run) : 0;
        if (fit) {
            if (before)
                g_string_append_c(u->text, ' ');
            aj_code_append_plain(u->text, s, fit);
            u->chars += add_text(m, s, fit, field_body);
        }
        unit_close(m);
        if (fit && in_run) /* what straddles the cut stays whole in the next unit */
            for (unsigned back = 0; back < OVERLAP && fit > 1; back++)
                do
                    fit--;
                while (fit && ((unsigned char)s[fit] & 0xC0) == 0x80);
        s += fit;
        len -= fit;
    }
}

/* A heading inside a unit stands between two zero-width blanks, which no reader sees. */
static void heading_add(Maker *m, const char *heading)
{
    GString *marked = g_string_new(ZERO_WIDTH);
    g_string_append_len(marked, heading, (gssize)cut_length(heading, HEADING_MAX));
    g_string_append(marked, ZERO_WIDTH);
    unit_add(m, marked->str, marked->len);
    g_string_free(marked, TRUE);
}

static void sections_add(Maker *m, const AjSegmentInput *page)
{
    bool any = false;
    for (uint32_t i = 0; i < aj_value_len(page->sections); i++) {
        const AjValue *section = aj_value_at(page->sections, i);
        const char *id = aj_value_get_string(section, "id", "");
        const char *heading = aj_value_get_string(section, "title", "");
        const AjValue *text = aj_value_get(section, "text");
        if (any && m->open.chars >= UNIT_MIN && m->unit + 1 < UNITS_MAX) {
            unit_close(m);
            any = false;
        }
        if (!any || !m->open.text->len) {
            m->open.id = id;
            m->open.heading = heading;
        } else if (*heading) {
            heading_add(m, heading);
        }
        add_text(m, heading, strlen(heading),
                 strlen(heading) <= SHORT_BYTES ? field_short : field_heading);
        if (text && text->type == AJ_VALUE_STRING)
            unit_add(m, text->s, text->len);
        any = true;
    }
    unit_close(m);
}

/* Sorts by the upper 32 bits, stable. A page has few: small counts cost less than few passes. */
static void pairs_sort(uint64_t **pairs, size_t n)
{
    uint64_t *from = *pairs, *to = g_new(uint64_t, n);
    uint32_t counts[4][256] = {0};
    for (size_t i = 0; i < n; i++)
        for (unsigned pass = 0; pass < 4; pass++)
            counts[pass][from[i] >> (32 + 8 * pass) & 255]++;
    for (unsigned pass = 0; pass < 4; pass++) {
        unsigned shift = 32 + 8 * pass;
        uint32_t sum = 0, *count = counts[pass];
        if (count[from[0] >> shift & 255] == n)
            continue;
        for (unsigned b = 0; b < 256; b++) {
            uint32_t c = count[b];
            count[b] = sum;
            sum += c;
        }
        for (size_t i = 0; i < n; i++)
            to[count[from[i] >> shift & 255]++] = from[i];
        uint64_t *swap = from;
        from = to;
        to = swap;
    }
    *pairs = from;
    g_free(to);
}

static uint32_t weight_add(uint32_t x, uint32_t y)
{
    uint32_t flags = (x | y) & ~(uint32_t)AJ_WEIGHT_MAX;
    return flags | MIN((x & AJ_WEIGHT_MAX) + (y & AJ_WEIGHT_MAX), AJ_WEIGHT_MAX);
}

static void pairs_pack(Maker *m, GString *out)
{
    if (m->pair_count)
        pairs_sort(&m->pairs, m->pair_count);
    /* Equal (term, unit) become one, in place. */
    size_t made = 0;
    for (size_t i = 0; i < m->pair_count; i++) {
        uint64_t t = m->pairs[i];
        if (made && m->pairs[made - 1] >> 16 == t >> 16) {
            uint64_t *was = &m->pairs[made - 1];
            *was = (t & ~(uint64_t)0xFFFF) | weight_add(*was & 0xFFFF, t & 0xFFFF);
        } else {
            m->pairs[made++] = t;
        }
    }
    aj_code_append(out, (uint32_t)made);
    size_t at = out->len;
    g_string_set_size(out, at + made * 11);
    uint8_t *p = (uint8_t *)out->str + at;
    uint32_t last = 0;
    for (size_t i = 0; i < made; i++) {
        uint32_t key = (uint32_t)(m->pairs[i] >> 32);
        p = aj_code_put(p, key - last);
        p = aj_code_put(p, m->pairs[i] >> 16 & 0xFFFF);
        p = aj_code_put(p, m->pairs[i] & 0xFFFF);
        last = key;
    }
    g_string_truncate(out, (gsize)(p - (uint8_t *)out->str));
}

static gint word_compare(gconstpointer x, gconstpointer y, gpointer bytes)
{
    const Word *a = x, *b = y;
    const char *s = bytes;
    if (a->head != b->head)
        return a->head < b->head ? -1 : 1;
    int order = memcmp(s + a->at, s + b->at, MIN(a->len, b->len));
    if (order)
        return order;
    if (a->len != b->len)
        return a->len < b->len ? -1 : 1;
    return a->unit < b->unit ? -1 : a->unit > b->unit;
}

static void words_pack(Maker *m, GString *out)
{
    Word *words = (Word *)(void *)m->words->data;
    g_qsort_with_data(words, (gint)m->words->len, sizeof *words, word_compare, m->bytes->str);
    uint32_t made = 0;
    for (uint32_t i = 0; i < m->words->len; i++)
        if (made && !word_compare(&words[made - 1], &words[i], m->bytes->str))
            words[made - 1].weight = weight_add(words[made - 1].weight, words[i].weight);
        else
            words[made++] = words[i];
    aj_code_append(out, made);
    size_t at = out->len;
    g_string_set_size(out, at + m->bytes->len + (size_t)made * 15);
    uint8_t *p = (uint8_t *)out->str + at;
    for (uint32_t i = 0; i < made; i++) {
        p = aj_code_put(p, words[i].len);
        memcpy(p, m->bytes->str + words[i].at, words[i].len);
        p = aj_code_put(p + words[i].len, words[i].unit);
        p = aj_code_put(p, words[i].weight);
    }
    g_string_truncate(out, (gsize)((char *)p - out->str));
}

void aj_segment_page(const AjSegmentInput *page, GString *out)
{
    Maker m = {.bytes = g_string_new(NULL),
               .words = g_array_new(FALSE, FALSE, sizeof(Word)),
               .units = g_string_sized_new(1024),
               .page = page,
               .terse = page->terse ? page->terse : aj_terse_new(),
               .part = g_string_sized_new(8192),
               .coded = g_string_sized_new(4096),
               .texts = g_string_sized_new(8192),
               .open = {.id = "", .heading = "", .text = g_string_sized_new(4096)}};
    if (page->title)
        add_text(&m, page->title, strlen(page->title), field_title);
    for (uint32_t i = 0; i < aj_value_len(page->keywords); i++) {
        const AjValue *word = aj_value_at(page->keywords, i);
        if (word->type == AJ_VALUE_STRING)
            add_text(&m, word->s, word->len, field_keyword);
    }
    sections_add(&m, page);
    if (m.unit % AJ_SEGMENT_PART)
        part_end(&m);

    size_t start = out->len;
    g_string_append_c(out, AJ_SEGMENT_VERSION);
    g_string_set_size(out, start + AJ_SEGMENT_HEADER);
    aj_code_append(out, m.unit);
    g_string_append_len(out, m.units->str, (gssize)m.units->len);
    aj_code_append_string(out, m.texts->str, m.texts->len);
    pairs_pack(&m, out);
    words_pack(&m, out);
    AjHash hash;
    size_t body = start + AJ_SEGMENT_HEADER;
    aj_hash(out->str + body, out->len - body, &hash);
    memcpy(out->str + start + 1, hash.bytes, AJ_SEGMENT_HEADER - 1);

    g_free(m.pairs);
    g_string_free(m.bytes, TRUE);
    g_array_free(m.words, TRUE);
    g_string_free(m.units, TRUE);
    g_string_free(m.part, TRUE);
    g_string_free(m.coded, TRUE);
    g_string_free(m.texts, TRUE);
    g_string_free(m.open.text, TRUE);
    if (!page->terse)
        aj_terse_free(m.terse);
}

char *aj_segment_normalise(const char *text, size_t len)
{
    char *composed = aj_fold_compose(text, len);
    if (composed) {
        text = composed;
        len = strlen(composed);
    }
    GString *out = g_string_sized_new(len + 1);
    const char *p = text, *end = text + len;
    while (p < end) {
        uint32_t folded[AJ_FOLD_MAX];
        size_t n = aj_fold_next(&p, end, folded);
        for (size_t i = 0; i < n; i++)
            aj_utf8_append(out, folded[i]);
    }
    g_free(composed);
    return g_string_free(out, FALSE);
}
