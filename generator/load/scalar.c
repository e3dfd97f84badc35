/* scalar - what one value says that a person wrote: a date, a number, yes or no, a time, a link.
 *
 * Must not know: which field it is for, how to complain. */
#include "load/scalar.h"

#include "base/text.h"

#include <string.h>

char *aj_scalar_text(const AjValue *v)
{
    char number[G_ASCII_DTOSTR_BUF_SIZE];
    switch (v->type) {
    case AJ_VALUE_STRING:
        return g_strstrip(g_strdup(v->s));
    case AJ_VALUE_INT:
        return g_strdup_printf("%" G_GINT64_FORMAT, v->i);
    case AJ_VALUE_DOUBLE:
        return g_strdup(g_ascii_formatd(number, sizeof(number), "%.15g", v->d));
    case AJ_VALUE_BOOL:
        return g_strdup(v->b ? "true" : "false");
    default:
        return NULL;
    }
}

char *aj_scalar_folded(const AjValue *v)
{
    g_autofree char *s = aj_scalar_text(v);
    char *wide = s ? g_utf8_normalize(s, -1, G_NORMALIZE_ALL_COMPOSE) : NULL;
    return wide ? g_strstrip(wide) : g_strdup("");
}

static size_t digits_at(const char *s, unsigned *number_out)
{
    size_t n = 0;
    *number_out = 0;
    while (n < 4 && g_ascii_isdigit(s[n]))
        *number_out = *number_out * 10 + (unsigned)(s[n++] - '0');
    return n;
}

static const char *skip_one(const char *s, const char *const *words)
{
    for (; *words; words++)
        if (g_str_has_prefix(s, *words))
            return s + strlen(*words);
    return NULL;
}

bool aj_scalar_date(const char *s, unsigned *year, unsigned *month, unsigned *day)
{
    static const char *const after_year[] = {"-", "/", ".", "年", NULL};
    static const char *const after_month[] = {"-", "/", ".", "月", NULL};
    if (digits_at(s, year) != 4 || !(s = skip_one(s + 4, after_year)))
        return false;
    while (*s == ' ')
        s++;
    size_t n = digits_at(s, month);
    if (n < 1 || n > 2 || !(s = skip_one(s + n, after_month)))
        return false;
    while (*s == ' ')
        s++;
    n = digits_at(s, day);
    if (n < 1 || n > 2)
        return false;
    s += n;
    if (g_str_has_prefix(s, "日"))
        s += strlen("日");
    /* a time of day may follow, as other generators write it */
    return *s == '\0' ||
           ((*s == 'T' || *s == ' ') && strspn(s + 1, "0123456789:.+-Z ") == strlen(s + 1));
}

bool aj_scalar_number(const AjValue *v, double *number_out)
{
    static const char *const units[] = {"学时", "小时", "人", "分", "%", "次",
                                        "题",   "道",   "名", "个", "h", NULL};
    if (v->type == AJ_VALUE_INT || v->type == AJ_VALUE_DOUBLE) {
        *number_out = v->type == AJ_VALUE_INT ? (double)v->i : v->d;
        return true;
    }
    if (v->type != AJ_VALUE_STRING || v->len > 40)
        return false;
    g_autofree char *s = aj_scalar_folded(v);
    char *end = s;
    *number_out = g_ascii_strtod(s, &end);
    if (end == s || !strchr("+-.0123456789", s[0]) || *number_out > G_MAXINT ||
        *number_out < G_MININT)
        return false;
    while (*end == ' ')
        end++;
    if (*end == '\0')
        return true;
    const char *rest = skip_one(end, units);
    return rest && *rest == '\0';
}

int aj_scalar_bool(const AjValue *v)
{
    static const char *const yes[] = {"是", "真", "有", "开", "对", "yes", "y", "on", "true", NULL};
    static const char *const no[] = {"否", "假", "无", "关", "错", "no", "n", "off", "false", NULL};
    if (v->type == AJ_VALUE_BOOL)
        return v->b;
    if (v->type != AJ_VALUE_STRING)
        return -1;
    for (size_t i = 0; yes[i]; i++)
        if (g_ascii_strcasecmp(v->s, yes[i]) == 0)
            return 1;
    for (size_t i = 0; no[i]; i++)
        if (g_ascii_strcasecmp(v->s, no[i]) == 0)
            return 0;
    return -1;
}

bool aj_scalar_inside(const char *path)
{
    const char *part = path;
    for (const char *p = path;; p++) {
        if (*p == '\\' || (*p && (unsigned char)*p < 0x20))
            return false;
        if (*p && *p != '/')
            continue;
        if (p == part || *part == '.')
            return false;
        if (!*p)
            return true;
        part = p + 1;
    }
}

double aj_scalar_seconds(const char *s)
{
    static const struct {
        const char *word;
        double seconds;
    } units[] = {{"小时", 3600}, {"时", 3600},    {"分钟", 60},   {"分", 60},     {"秒钟", 1},
                 {"秒", 1},      {"hours", 3600}, {"hour", 3600}, {"h", 3600},    {"minutes", 60},
                 {"minute", 60}, {"min", 60},     {"m", 60},      {"seconds", 1}, {"s", 1}};
    double total = 0;
    bool fits = *s != '\0';
    for (const char *p = s; fits && *p;) {
        char *end = NULL;
        double number = g_ascii_isdigit(*p) ? g_ascii_strtod(p, &end) : -1;
        if (number < 0 || number > 1e6) {
            fits = false;
            break;
        }
        while (*end == ' ')
            end++;
        double seconds = *end == '\0' && p == s ? 60 : 0;
        for (size_t i = 0; i < G_N_ELEMENTS(units) && seconds == 0; i++) {
            if (g_str_has_prefix(end, units[i].word)) {
                seconds = units[i].seconds;
                end += strlen(units[i].word);
            }
        }
        fits = seconds > 0;
        total += number * seconds;
        for (p = end; *p == ' ';)
            p++;
    }
    return fits ? total : -1;
}

void aj_scalar_link(const char *s, char **text_out, char **url_out)
{
    char *text = NULL, *url = NULL;
    size_t len = strlen(s);
    char *middle = s[0] == '[' ? strstr(s, "](") : NULL;
    if (middle && len > 0 && s[len - 1] == ')') {
        text = g_strndup(s + 1, (gsize)(middle - s) - 1);
        url = g_strndup(middle + 2, (gsize)(s + len - 1 - (middle + 2)));
    } else {
        const char *at = strstr(s, "http://");
        const char *secure = strstr(s, "https://");
        if (!at || (secure && secure < at))
            at = secure;
        if (at) {
            const char *end = at;
            for (const char *next = at, *stop = s + len; next < stop; end = next) {
                gunichar c = aj_utf8_next(&next, stop);
                if (c <= ' ' || c == ')' || c == '>' || c == '"' || aj_text_is_cjk(c))
                    break;
            }
            url = g_strndup(at, (gsize)(end - at));
            GString *rest = g_string_new_len(s, (gssize)(at - s));
            g_string_append(rest, end);
            text = g_string_free(rest, FALSE);
            static const char *const marks[] = {" ", "：", ":", "，", ",",  "（", "）",
                                                "(", ")",  "<", ">",  "。", NULL};
            for (bool again = true; again;) {
                again = false;
                for (size_t i = 0; marks[i]; i++) {
                    if (g_str_has_suffix(text, marks[i])) {
                        text[strlen(text) - strlen(marks[i])] = '\0';
                        again = true;
                    }
                }
            }
        } else {
            text = g_strdup(s);
        }
    }
    *text_out = g_strstrip(text);
    *url_out = url ? g_strstrip(url) : NULL;
}

static bool is_one_of(const char *s, const char *const *words)
{
    for (; *words; words++)
        if (strcmp(s, *words) == 0)
            return true;
    return false;
}

static bool is_digits(const char *s)
{
    if (!*s)
        return false;
    for (; *s; s++)
        if (!g_ascii_isdigit(*s))
            return false;
    return true;
}

static bool is_float(const char *s)
{
    if (*s == '+' || *s == '-')
        s++;
    size_t before = strspn(s, "0123456789");
    s += before;
    if (*s == '.') {
        size_t after = strspn(++s, "0123456789");
        if (before + after == 0)
            return false;
        s += after;
    } else if (before == 0) {
        return false;
    }
    if (*s == 'e' || *s == 'E') {
        s++;
        if (*s == '+' || *s == '-')
            s++;
        return is_digits(s);
    }
    return *s == '\0';
}

AjValue *aj_scalar_plain(AjArena *a, const char *s, size_t len)
{
    static const char *const nulls[] = {"", "~", "null", "Null", "NULL", NULL};
    static const char *const trues[] = {"true", "True", "TRUE", NULL};
    static const char *const falses[] = {"false", "False", "FALSE", NULL};
    if (len <= 5) {
        if (is_one_of(s, nulls))
            return aj_value_null(a);
        if (is_one_of(s, trues))
            return aj_value_bool(a, true);
        if (is_one_of(s, falses))
            return aj_value_bool(a, false);
    }
    if (len == 0 || len > 40 || !strchr("+-.0123456789", s[0]))
        return aj_value_stringn(a, s, len);
    const char *digits = *s == '+' || *s == '-' ? s + 1 : s;
    if (is_digits(digits)) {
        gint64 i = 0;
        if ((digits[0] != '0' || digits[1] == '\0') && *s != '+' &&
            g_ascii_string_to_signed(s, 10, G_MININT64, G_MAXINT64, &i, NULL))
            return aj_value_int(a, i);
    } else if (is_float(s)) {
        double d = g_ascii_strtod(s, NULL);
        if (d <= G_MAXDOUBLE && d >= -G_MAXDOUBLE)
            return aj_value_double(a, d);
    }
    return aj_value_stringn(a, s, len);
}
