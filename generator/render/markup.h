/* markup - where in HTML or XML are we? Followed byte by byte through a template's literal text.
 *
 * The answer decides how a value is escaped there, or that no escape makes it safe. The state is
 * plain data: equal states are equal bytes, so that branches can be compared. Must not know:
 * templates, values, how an escape is done. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum { AJ_MARKUP_NONE, AJ_MARKUP_HTML, AJ_MARKUP_XML } AjMarkupKind;

typedef struct {
    uint32_t literal; /* bytes of the attribute's value so far, all literal */
    uint8_t kind, mode, element, closing, attribute, url, quote, match;
    uint8_t check; /* set by aj_markup_text: what stands in the URL so far must be judged now */
    uint8_t name_len;
    char name[30]; /* a name, or the start of a URL, under way */
} AjMarkup;

typedef enum {
    AJ_ESCAPE_NONE,
    AJ_ESCAPE_TEXT,
    AJ_ESCAPE_ATTR,
    AJ_ESCAPE_SINGLE, /* an attribute in single quotes */
    AJ_ESCAPE_XML,
    AJ_ESCAPE_URL_FIRST, /* decides the scheme, with the literal bytes before it */
    AJ_ESCAPE_URL_NEXT,  /* the URL so far is not known: judge all of it */
    AJ_ESCAPE_URL,
    AJ_ESCAPE_QUERY, /* a part of a query: & and = too */
    AJ_ESCAPE_REFUSED
} AjEscape;

void aj_markup_init(AjMarkup *m, AjMarkupKind kind);
/* Follows literal text. Returns how many bytes were taken: fewer than `len` when m->check was set
 * behind the last one taken (clear it and go on), or with *wrong a message, when the byte after
 * them cannot stand there. */
size_t aj_markup_text(AjMarkup *m, const char *s, size_t len, const char **wrong);
/* A value comes here. `raw`: unescaped by wish. *literal_out for URL_FIRST: bytes of the
 * attribute's value before it. When refused: *wrong and perhaps *hint say why. */
AjEscape aj_markup_value(AjMarkup *m, bool raw, uint32_t *literal_out, const char **wrong,
                         const char **hint);
/* Ways part or meet here. False with *wrong in the middle of a token. *mark: a URL may begin here,
 * `*literal_out` bytes ago. */
bool aj_markup_branch(AjMarkup *m, bool *mark, uint32_t *literal_out, const char **wrong);
/* Makes *m good for both; false when no state is. Both have been through aj_markup_branch. */
bool aj_markup_join(AjMarkup *m, const AjMarkup *other);
/* Outside of every tag, comment and script. */
bool aj_markup_at_rest(const AjMarkup *m);
