/* personal - resident identity numbers and mobile numbers, found in any text.
 *
 * Must not know: what the text is, who says what about it. */
#include "base/personal.h"

#include "base/text.h"

#include <glib.h>
#include <string.h>

/* One digit in ASCII or full width, -1 for anything else. Moves on. */
static int next_digit(const char **p, const char *end)
{
    uint32_t cp = aj_utf8_next(p, end);
    if (cp >= '0' && cp <= '9')
        return (int)(cp - '0');
    return cp >= 0xFF10 && cp <= 0xFF19 ? (int)(cp - 0xFF10) : -1;
}

static bool is_identity(const int digits[17], uint32_t check)
{
    static const int weights[17] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    static const char checks[] = "10X98765432";
    int sum = 0;
    for (size_t i = 0; i < 17; i++)
        sum += digits[i] * weights[i];
    int year = digits[6] * 1000 + digits[7] * 100 + digits[8] * 10 + digits[9];
    int month = digits[10] * 10 + digits[11], day = digits[12] * 10 + digits[13];
    return digits[0] >= 1 && digits[0] <= 8 && year >= 1880 && year < 2100 &&
           g_date_valid_dmy((GDateDay)day, (GDateMonth)month, (GDateYear)year) &&
           (uint32_t)checks[sum % 11] == check;
}

/* A letter, a digit, or what joins the parts of an address or a file name. */
static bool joins(uint32_t cp)
{
    return (cp < 0x80 && (g_ascii_isalnum((char)cp) || (cp && strchr("_/=-.%&#@", (int)cp)))) ||
           (cp >= 0xFF10 && cp <= 0xFF19) || (cp >= 0xFF21 && cp <= 0xFF5A);
}

static bool joins_after(const char *p, const char *end)
{
    if (p >= end)
        return false;
    uint32_t cp = aj_utf8_next(&p, end);
    if (cp == '.' || cp == '-' || cp == '&' || cp == '#') /* the end of a sentence, an entity */
        return p < end && g_ascii_isalnum(*p) && cp != '&';
    return joins(cp);
}

static AjPersonal identity_at(const char *p, const char *end, const char **end_out)
{
    int digits[17];
    for (size_t i = 0; i < 17; i++)
        if (p >= end || (digits[i] = next_digit(&p, end)) < 0)
            return AJ_PERSONAL_NONE;
    if (p >= end)
        return AJ_PERSONAL_NONE;
    const char *last = p;
    uint32_t check = aj_utf8_next(&p, end);
    int digit = next_digit(&last, end);
    if (digit >= 0)
        check = (uint32_t)('0' + digit);
    else if (check == 'x' || check == 0xFF38 || check == 0xFF58)
        check = 'X';
    if (!is_identity(digits, check) || joins_after(p, end))
        return AJ_PERSONAL_NONE;
    *end_out = p;
    return AJ_PERSONAL_ID;
}

static AjPersonal phone_at(const char *p, const char *end, const char **end_out)
{
    static const char *const prefixes[] = {"+86", "0086", "86-", "86 "};
    for (size_t i = 0; i < G_N_ELEMENTS(prefixes); i++) {
        size_t len = strlen(prefixes[i]);
        if ((size_t)(end - p) > len && memcmp(p, prefixes[i], len) == 0) {
            p += len;
            p += p < end && (*p == ' ' || *p == '-');
            break;
        }
    }
    char gap = 0;
    for (int i = 0; i < 11; i++) {
        if ((i == 3 || i == 7) && p < end && (*p == ' ' || *p == '-')) {
            if (i == 7 && gap != *p)
                return AJ_PERSONAL_NONE;
            gap = *p++;
        } else if (i == 7 && gap) {
            return AJ_PERSONAL_NONE;
        }
        int digit = p < end ? next_digit(&p, end) : -1;
        if (digit < 0 || (i == 0 && digit != 1) || (i == 1 && digit < 3))
            return AJ_PERSONAL_NONE;
    }
    if (joins_after(p, end))
        return AJ_PERSONAL_NONE;
    *end_out = p;
    return AJ_PERSONAL_PHONE;
}

/* The character that ends at `p`; 0 at the start of the text. */
static uint32_t character_before(const char *text, const char *p)
{
    const char *start = p;
    while (start > text && p - start < 4) {
        start--;
        if (((unsigned char)*start & 0xC0) != 0x80)
            return aj_utf8_next(&start, p);
    }
    return 0;
}

static bool may_begin(const char *p, const char *end)
{
    if (g_ascii_isdigit(*p) || *p == '+')
        return true;
    return end - p > 2 && memcmp(p, "\xEF\xBC", 2) == 0 && (unsigned char)p[2] >= 0x90 &&
           (unsigned char)p[2] <= 0x99;
}

AjPersonal aj_personal_find(const char *text, size_t len, size_t from, size_t *start_out,
                            size_t *end_out)
{
    const char *end = text + len;
    for (const char *p = text + from; p < end; p++) {
        if (!may_begin(p, end) || joins(character_before(text, p)))
            continue;
        const char *after = p;
        AjPersonal found = identity_at(p, end, &after);
        if (!found)
            found = phone_at(p, end, &after);
        if (!found)
            continue;
        *start_out = (size_t)(p - text);
        *end_out = (size_t)(after - text);
        return found;
    }
    return AJ_PERSONAL_NONE;
}
