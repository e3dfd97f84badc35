/* tag - HTML in pieces: one tag with its attributes, text with its entities.
 *
 * For pages of our own making, but believes nothing of them: what has no end ends with the text.
 * Must not know: which elements there are, what becomes of them. */
#pragma once
#include <glib.h>
#include <stdbool.h>

enum { AJ_TAG_NAME_MAX = 15, AJ_TAG_ATTRS = 96 };
typedef struct {
    const char *name, *value; /* in the page; the value with its entities */
    size_t name_len, len;
} AjTagAttr;
typedef struct {
    char name[AJ_TAG_NAME_MAX + 1]; /* small letters */
    bool closing;
    unsigned count;
    AjTagAttr attrs[AJ_TAG_ATTRS]; /* the first of them */
    const char *rest;              /* where attributes begin that found no room; NULL */
    const char *as;                /* the caller's */
} AjTag;

/* At a '<' that a letter or / follows; gives the byte behind the tag. */
const char *aj_tag_read(const char *p, const char *end, AjTag *tag);
/* Behind the end of the element NAME whose start tag ends at `p`. */
const char *aj_tag_skip(const char *p, const char *end, const char *name);
const AjTagAttr *aj_tag_find(const AjTag *tag, const char *name);
/* The value without entities; NULL when there is none. Caller frees. */
char *aj_tag_value(const AjTag *tag, const char *name);
bool aj_tag_has_class(const char *classes, const char *name); /* NULL has none */
/* Text of a page, without its entities or with those of XML; what XML cannot hold falls away. */
void aj_tag_put_text(GString *out, const char *s, size_t len, bool escape);
/* Text without entities, escaped for XML or an attribute. */
void aj_tag_put_plain(GString *out, const char *text);
