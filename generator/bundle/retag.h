/* retag - HTML with some of its attributes changed; every other byte stays.
 *
 * Must not know: which attributes, what for. */
#pragma once
#include <glib.h>
#include <stdbool.h>

typedef enum { AJ_ATTR_KEEP, AJ_ATTR_DROP, AJ_ATTR_NEW } AjAttrFate;
typedef struct {
    /* Asked for each attribute of a start tag; names in small letters, `value` without entities.
     * The new value, without entities, goes to `out`. */
    AjAttrFate (*attribute)(void *data, const char *element, const char *name, const char *value,
                            GString *out);
    void *data;
} AjRetag;
void aj_retag(const char *html, size_t len, const AjRetag *r, GString *out);
