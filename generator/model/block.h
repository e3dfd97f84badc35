/* block - a page as a list of blocks: what two versions are compared by.
 *
 * Made by parse/outline, compared by history/diff, drawn by driver/diffpage.
 * Must not know: trees, syntax, how a comparison is done. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

typedef enum {
    AJ_BLOCK_FIELD,   /* of front matter: "key：value" */
    AJ_BLOCK_HEADING, /* level 1 … 6 */
    AJ_BLOCK_TEXT,
    AJ_BLOCK_ITEM, /* of a list; level is its depth from 1; a task begins with ☑ or ☐ */
    AJ_BLOCK_ROW,  /* of a table: cells with AJ_CELL_END between them */
    AJ_BLOCK_CODE, /* one line of it */
    AJ_BLOCK_IMAGE /* "alt（file）" */
} AjBlockKind;
#define AJ_CELL_END '\x1f'

typedef struct {
    AjBlockKind kind;
    uint32_t level;
    const char *text;  /* one line, no control character but AJ_CELL_END */
    const char *form;  /* emphasis and addresses of links, as a text to be compared; "" for none */
    uint32_t question; /* number of the quiz question that it belongs to, from 1; 0: none */
    uint32_t line;     /* of the source */
} AjBlock;
