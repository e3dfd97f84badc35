/* pandocread - the small pieces of pandoc's JSON: strings, numbers, words, attributes.
 *
 * Must not know: which element holds what. */
#pragma once
#include "base/jsonwalk.h"
#include "filter/luatree.h"

typedef struct {
    lua_State *L;
    AjLuatree *t;
    AjJsonWalk w;
    unsigned depth;
} AjPandocRead;

/* Every one raises an error of Lua's, with the line, when the text is something else. */
#define CHECK(in, call)                                                                            \
    do {                                                                                           \
        if (!(call))                                                                               \
            aj_pandocread_fail(in, NULL);                                                          \
    } while (0)

void G_GNUC_NORETURN aj_pandocread_fail(AjPandocRead *in, const char *what);
void aj_pandocread_deeper(AjPandocRead *in);
void aj_pandocread_enter(AjPandocRead *in, bool *first);
void aj_pandocread_item(AjPandocRead *in, bool *first);
void aj_pandocread_leave(AjPandocRead *in, bool *first);
bool aj_pandocread_more(AjPandocRead *in, bool *first);
void aj_pandocread_string(AjPandocRead *in);
void aj_pandocread_field_string(AjPandocRead *in, const char *name);
void aj_pandocread_number(AjPandocRead *in);
void aj_pandocread_field_number(AjPandocRead *in, const char *name);
void aj_pandocread_word(AjPandocRead *in); /* {"t": "Decimal"}; with a number in "c" that */
void aj_pandocread_field_word(AjPandocRead *in, const char *name);
void aj_pandocread_finish(AjPandocRead *in, AjTag tag);
void aj_pandocread_finish_list(AjPandocRead *in, int mt);
void aj_pandocread_field_attr(AjPandocRead *in);
