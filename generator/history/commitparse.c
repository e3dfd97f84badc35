/* commitparse - the bytes of a git commit, read: parents, times, author, subject, trailers.
 *
 * Pure: bytes in, data out. Text comes out as valid UTF-8 without control characters.
 * Must not know: repositories, walks, pages. */
#include "history/commitparse.h"

#include <glib.h>
#include <string.h>

enum { TEXT_MAX = 1000, PARENTS_MAX = 1024, TRAILERS_MAX = 20 };

typedef struct {
    const char *p, *end;
} Span;

bool aj_commitparse_id(const char *hex, size_t len, uint8_t out[20])
{
    if (len != 40)
        return false;
    for (size_t i = 0; i < 20; i++) {
        int high = g_ascii_xdigit_value(hex[2 * i]), low = g_ascii_xdigit_value(hex[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        out[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}

/* Only what editors' machines really write: a name from a commit never picks a module to load. */
static const char *encoding_known(const char *name, size_t len)
{
    static const char *const known[] = {"GBK",    "GB2312",     "GB18030",   "CP936",      "BIG5",
                                        "CP950",  "ISO-8859-1", "ISO8859-1", "LATIN1",     "CP1252",
                                        "EUC-JP", "SHIFT_JIS",  "EUC-KR",    "ISO-8859-15"};
    for (size_t i = 0; i < G_N_ELEMENTS(known); i++)
        if (strlen(known[i]) == len && g_ascii_strncasecmp(known[i], name, len) == 0)
            return known[i];
    return NULL;
}

static Span line_take(Span *rest)
{
    const char *nl = memchr(rest->p, '\n', (size_t)(rest->end - rest->p));
    Span line = {rest->p, nl ? nl : rest->end};
    rest->p = nl ? nl + 1 : rest->end;
    return line;
}

static Span span_trim(Span s)
{
    while (s.p < s.end && g_ascii_isspace(*s.p))
        s.p++;
    while (s.end > s.p && g_ascii_isspace(s.end[-1]))
        s.end--;
    return s;
}

static bool span_after(Span s, const char *key, Span *value_out)
{
    size_t n = strlen(key);
    if ((size_t)(s.end - s.p) < n || memcmp(s.p, key, n) != 0)
        return false;
    *value_out = (Span){s.p + n, s.end};
    return true;
}

/* Plain ASCII is nearly every byte of nearly every commit: it is copied as it is. */
static const char *text_clean(AjArena *a, Span s, const char *encoding)
{
    s = span_trim(s);
    if (s.end - s.p > TEXT_MAX)
        s.end = s.p + TEXT_MAX;
    size_t len = (size_t)(s.end - s.p);
    const char *stop = NULL;
    g_autofree char *turned = NULL;
    if (encoding && (turned = g_convert(s.p, (gssize)len, "UTF-8", encoding, NULL, NULL, NULL)))
        len = strlen(turned);
    const char *from = turned ? turned : s.p;
    g_autofree char *valid = NULL;
    if (!g_utf8_validate(from, (gssize)len, &stop)) {
        /* A cut at TEXT_MAX inside a character is dropped, not shown as a broken one. */
        if (len == TEXT_MAX && from + len - stop < 4) {
            len = (size_t)(stop - from);
        } else {
            valid = g_utf8_make_valid(from, (gssize)len);
            from = valid;
            len = strlen(valid);
        }
    }
    char *out = aj_arena_strndup(a, from, len);
    for (char *c = out; *c; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7f)
            *c = ' ';
    return out;
}

static bool number_parse(Span s, int64_t *out)
{
    bool minus = s.p < s.end && *s.p == '-';
    int64_t n = 0;
    if (minus)
        s.p++;
    if (s.p == s.end || s.end - s.p > 17)
        return false;
    for (; s.p < s.end; s.p++) {
        if (!g_ascii_isdigit(*s.p))
            return false;
        n = n * 10 + (*s.p - '0');
    }
    *out = minus ? -n : n;
    return true;
}

/* "NAME <MAIL> SECONDS +HHMM". What makes no sense is left at zero. */
static void person_parse(Span s, Span *name_out, int64_t *time_out, int *offset_out)
{
    const char *close = memrchr(s.p, '>', (size_t)(s.end - s.p));
    const char *open = memchr(s.p, '<', (size_t)(s.end - s.p));
    *name_out = (Span){s.p, open ? open : s.end};
    *name_out = span_trim(*name_out);
    if (name_out->p == name_out->end && open && close > open) {
        const char *at = memchr(open, '@', (size_t)(close - open));
        *name_out = span_trim((Span){open + 1, at ? at : close});
    }
    *time_out = 0;
    *offset_out = 0;
    if (!close)
        return;
    Span tail = span_trim((Span){close + 1, s.end});
    const char *blank = memchr(tail.p, ' ', (size_t)(tail.end - tail.p));
    if (!number_parse((Span){tail.p, blank ? blank : tail.end}, time_out) || *time_out < 0)
        *time_out = 0; /* git itself writes none before 1970 and reads such a one as nonsense */
    Span zone = blank ? span_trim((Span){blank, tail.end}) : (Span){tail.end, tail.end};
    int64_t hhmm;
    if (zone.end - zone.p != 5 || (*zone.p != '+' && *zone.p != '-') ||
        !number_parse((Span){zone.p + 1, zone.end}, &hhmm) || hhmm < 0 || hhmm > 1559)
        return;
    int minutes = (int)(hhmm / 100 * 60 + hhmm % 100);
    *offset_out = *zone.p == '-' ? -minutes : minutes;
}

static bool word_is(Span s, const char *word)
{
    size_t n = strlen(word);
    return (size_t)(s.end - s.p) == n && g_ascii_strncasecmp(s.p, word, n) == 0;
}

static const char *people_add(AjArena *a, const char *old, Span value, const char *encoding)
{
    const char *open = memchr(value.p, '<', (size_t)(value.end - value.p));
    if (open && open > value.p)
        value.end = open;
    const char *name = text_clean(a, value, encoding);
    if (!*name)
        return old;
    return old ? aj_arena_printf(a, "%s、%s", old, name) : name;
}

/* Trailers stand in the last paragraph, which must not be the first. */
static void trailers_parse(AjArena *a, Span last, const char *encoding, AjRawCommit *out)
{
    int seen = 0;
    while (last.p < last.end) {
        Span line = line_take(&last);
        const char *colon = memchr(line.p, ':', (size_t)(line.end - line.p));
        if (!colon)
            continue;
        Span key = span_trim((Span){line.p, colon});
        Span value = span_trim((Span){colon + 1, line.end});
        if (++seen > TRAILERS_MAX)
            return;
        if (word_is(key, "Reviewed-by"))
            out->reviewed_by = people_add(a, out->reviewed_by, value, encoding);
        else if (word_is(key, "Approved-by"))
            out->approved_by = people_add(a, out->approved_by, value, encoding);
        else if (word_is(key, "Change") && word_is(value, "wording"))
            out->change = AJ_CHANGE_WORDING;
        else if (word_is(key, "Change") && word_is(value, "substance"))
            out->change = AJ_CHANGE_SUBSTANCE;
    }
}

static void message_parse(AjArena *a, Span rest, const char *encoding, AjRawCommit *out)
{
    Span subject = {NULL, NULL}, last = {NULL, NULL};
    bool first = true, open = false;
    while (rest.p < rest.end) {
        Span raw = line_take(&rest), line = span_trim(raw);
        if (line.p == line.end) {
            first = first && !subject.p;
            open = false;
            continue;
        }
        if (first) {
            if (!subject.p)
                subject = line;
            subject.end = line.end; /* a subject of several lines is one line, as git's %s */
            continue;
        }
        if (!open)
            last.p = raw.p;
        last.end = raw.end;
        open = true;
    }
    out->subject = subject.p ? text_clean(a, subject, encoding) : "";
    if (last.p)
        trailers_parse(a, last, encoding, out);
}

bool aj_commitparse(AjArena *a, const char *bytes, size_t len, AjRawCommit *out)
{
    Span rest = {bytes, bytes + len}, value, author = {bytes, bytes};
    uint8_t(*parents)[20] = NULL;
    bool has_tree = false, has_committer = false;
    const char *encoding = NULL;
    int zone;
    memset(out, 0, sizeof *out);
    while (rest.p < rest.end) {
        Span line = line_take(&rest);
        if (line.p == line.end)
            break;
        if (!has_tree && span_after(line, "tree ", &value)) {
            has_tree = aj_commitparse_id(value.p, (size_t)(value.end - value.p), out->tree);
        } else if (!has_committer && span_after(line, "parent ", &value)) {
            uint32_t n = out->parent_count;
            if ((n & (n - 1)) == 0) /* grown at 0, 1, 2, 4 ... */
                parents = aj_arena_grow(a, parents, n * sizeof *parents,
                                        MAX(1, 2 * (size_t)n) * sizeof *parents);
            if (n == PARENTS_MAX ||
                !aj_commitparse_id(value.p, (size_t)(value.end - value.p), parents[n]))
                return false;
            out->parent_count++;
        } else if (author.p == author.end && span_after(line, "author ", &value)) {
            person_parse(value, &author, &out->author_time, &out->offset);
        } else if (!has_committer && span_after(line, "committer ", &value)) {
            Span nobody;
            person_parse(value, &nobody, &out->commit_time, &zone);
            has_committer = true;
        } else if (span_after(line, "encoding ", &value)) {
            encoding = encoding_known(value.p, (size_t)(value.end - value.p));
        }
    }
    out->parents = (const uint8_t(*)[20])parents;
    out->author = text_clean(a, author, encoding);
    message_parse(a, rest, encoding, out);
    return has_tree && has_committer;
}
