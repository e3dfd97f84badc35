/* program - the operations that draw a set of templates, and the room to collect them.
 *
 * Must not know: how templates are read or woven, values. */
#include "render/program.h"

#define MAX_OPS 1000000u     /* of a whole set */
#define MAX_POOL (64u << 20) /* bytes of literal text */

void aj_program_init(AjProgram *p)
{
    *p = (AjProgram){.ops = g_array_new(FALSE, FALSE, sizeof(AjOp)),
                     .pool = g_string_new(NULL),
                     .functions = g_array_new(FALSE, TRUE, sizeof(AjFunction)),
                     .indents = g_ptr_array_new()};
}

void aj_program_clear(AjProgram *p)
{
    g_array_unref(p->ops);
    g_string_free(p->pool, TRUE);
    g_array_unref(p->functions);
    g_ptr_array_unref(p->indents);
}

void aj_program_empty(AjProgram *p)
{
    g_array_set_size(p->ops, 0);
    g_array_set_size(p->functions, 0);
    g_ptr_array_set_size(p->indents, 0);
    g_string_truncate(p->pool, 0);
    p->barrier = 0;
    p->full = false;
}

uint32_t aj_program_count(const AjProgram *p)
{
    return p->ops->len;
}

void aj_program_add(AjProgram *p, AjOpCode code, uint32_t a, uint32_t b, const AjName *name)
{
    if (p->ops->len >= MAX_OPS || p->pool->len > MAX_POOL) {
        p->full = true;
        return;
    }
    AjOp op = {code, a, b, name};
    g_array_append_val(p->ops, op);
}

void aj_program_text(AjProgram *p, const char *s, size_t len)
{
    if (len == 0)
        return;
    if (p->ops->len > p->barrier) {
        AjOp *last = &g_array_index(p->ops, AjOp, p->ops->len - 1);
        if (last->code == AJ_OP_TEXT && last->a + last->b == p->pool->len) {
            g_string_append_len(p->pool, s, (gssize)len);
            last->b += (uint32_t)len;
            return;
        }
    }
    aj_program_add(p, AJ_OP_TEXT, (uint32_t)p->pool->len, (uint32_t)len, NULL);
    g_string_append_len(p->pool, s, (gssize)len);
}

void aj_program_barrier(AjProgram *p)
{
    p->barrier = p->ops->len;
}

void aj_program_place(AjProgram *p, uint32_t function, GArray *body)
{
    AjFunction *f = &g_array_index(p->functions, AjFunction, function);
    f->from = p->ops->len;
    for (guint k = 0; k < body->len; k++) {
        AjOp *op = &g_array_index(body, AjOp, k);
        if (op->code == AJ_OP_SECTION || op->code == AJ_OP_INVERTED)
            op->b += f->from;
    }
    g_array_append_vals(p->ops, body->data, body->len);
    f->to = p->ops->len;
    g_array_unref(body);
}
