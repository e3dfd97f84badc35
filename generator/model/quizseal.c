/* quizseal - answers that do not stand in plain text: hashes with salt, and a sealed rest.
 *
 * Must not know: questions, pages. */
#include "model/quizseal.h"

#include "base/hash.h"

#include <glib.h>
#include <string.h>

/* [+-]digits[.digits]: without leading and trailing zeros. NULL when it is no such number. */
static char *shortest_number(const char *text)
{
    g_autoptr(GString) out = g_string_new(NULL);
    const char *p = text;
    bool minus = false;
    if (g_str_has_prefix(p, "−")) {
        minus = true;
        p += strlen("−");
    } else if (*p == '+' || *p == '-') {
        minus = *p++ == '-';
    }
    const char *whole = p;
    while (g_ascii_isdigit(*p))
        p++;
    if (p == whole)
        return NULL;
    while (whole + 1 < p && *whole == '0')
        whole++;
    g_string_append_len(out, whole, p - whole);
    if (*p == '.') {
        const char *part = ++p;
        while (g_ascii_isdigit(*p))
            p++;
        const char *end = p;
        while (end > part && end[-1] == '0')
            end--;
        if (end > part) {
            g_string_append_c(out, '.');
            g_string_append_len(out, part, end - part);
        }
    }
    if (*p)
        return NULL;
    if (minus && strcmp(out->str, "0") != 0)
        g_string_prepend_c(out, '-');
    return g_string_free(g_steal_pointer(&out), FALSE);
}

char *aj_quizseal_fold(const char *text)
{
    g_autofree char *normal = g_utf8_normalize(text, -1, G_NORMALIZE_ALL_COMPOSE);
    g_autoptr(GString) out = g_string_new(NULL);
    for (const char *p = normal ? normal : text; *p; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        if (!g_unichar_isspace(c) && c != 0x0b && c != 0x200b && c != 0xfeff)
            g_string_append_unichar(out, g_unichar_tolower(c));
    }
    for (;;) {
        if (out->len && out->str[out->len - 1] == '.')
            g_string_truncate(out, out->len - 1);
        else if (g_str_has_suffix(out->str, "。"))
            g_string_truncate(out, out->len - strlen("。"));
        else
            break;
    }
    char *number = shortest_number(out->str);
    return number ? number : g_string_free(g_steal_pointer(&out), FALSE);
}

void aj_quizseal_hash(const char *salt, int slot, const char *text, char out[17])
{
    char place[16] = "", hex[65];
    g_autofree char *folded = aj_quizseal_fold(text);
    if (slot >= 0)
        g_snprintf(place, sizeof place, "%d", slot);
    g_autofree char *all = g_strconcat(salt, "\n", place, "\n", folded, NULL);
    aj_hash_sha256_hex(all, strlen(all), hex);
    memcpy(out, hex, 16);
    out[16] = '\0';
}

char *aj_quizseal_seal(const char *salt, const char *bytes, size_t len)
{
    char key[65] = "";
    g_autofree guchar *out = g_malloc(len + 1);
    for (size_t i = 0; i < len; i++) {
        if (i % 32 == 0) {
            g_autofree char *block = g_strdup_printf("%s\n%zu", salt, i / 32);
            aj_hash_sha256_hex(block, strlen(block), key);
        }
        int k =
            g_ascii_xdigit_value(key[i % 32 * 2]) * 16 + g_ascii_xdigit_value(key[i % 32 * 2 + 1]);
        out[i] = (guchar)((guchar)bytes[i] ^ k);
    }
    return g_base64_encode(out, len);
}
