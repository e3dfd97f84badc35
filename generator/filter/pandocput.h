/* pandocput - the small pieces of pandoc's JSON on the way out: strings, numbers, words,
 * attributes.
 *
 * Must not know: which element holds what. */
#pragma once
#include "filter/luatree.h"

typedef struct {
    lua_State *L;
    AjLuatree *t;
    GString *out;
    unsigned minor, depth; /* 22 or 23 */
    lua_Integer made;
} AjPandocPut;

#define PUT(o, literal) aj_pandocput_raw(o, "" literal, sizeof(literal) - 1)

void aj_pandocput_raw(AjPandocPut *o, const char *s, size_t len);
void aj_pandocput_deeper(AjPandocPut *o);
void aj_pandocput_text(AjPandocPut *o, const char *s, size_t len);
void aj_pandocput_string(AjPandocPut *o, int at);
void aj_pandocput_field_string(AjPandocPut *o, int at, const char *name);
void aj_pandocput_integer(AjPandocPut *o, lua_Integer i);
void aj_pandocput_field_integer(AjPandocPut *o, int at, const char *name, lua_Integer fallback);
void aj_pandocput_number(AjPandocPut *o, double d);
void aj_pandocput_word(AjPandocPut *o, int at, const char *fallback);
void aj_pandocput_field_word(AjPandocPut *o, int at, const char *name, const char *fallback);
void aj_pandocput_field_attr(AjPandocPut *o, int at);

/* In filter/pandocout: an element, and the list on top, which is popped ('i' or 'b'). */
void aj_pandocout_element(AjPandocPut *o, int at, AjTag tag);
void aj_pandocout_list(AjPandocPut *o, char kind);
