/* personal - resident identity numbers and mobile numbers, found in any text.
 *
 * What a site may not publish and a ledger may not keep. Must not know: what the text is. */
#pragma once
#include <stddef.h>

typedef enum { AJ_PERSONAL_NONE, AJ_PERSONAL_ID, AJ_PERSONAL_PHONE } AjPersonal;
/* The first resident identity number (18 places, its date and check digit right) or mobile number
 * (11 digits, +86 and blanks or - between groups allowed) at or after `from`. Full-width digits
 * count, numbers inside longer words and addresses do not. */
AjPersonal aj_personal_find(const char *text, size_t len, size_t from, size_t *start_out,
                            size_t *end_out);
