/* volume - what the rooms of one index build share.
 *
 * See volume.h. Must not know: what is in a file, the file system. */
#include "index/volume.h"

#include "index/code.h"

#include <string.h>

bool aj_volume_keep(AjVolume *v, const char *name, const AjHash *key)
{
    return (v->stayed && g_hash_table_contains(v->stayed, name)) ||
           (v->sink->keep && v->sink->keep(name, key, v->sink->data));
}

void aj_volume_begin(AjVolume *v, const char *name, const char *numbering)
{
    const char *end = strrchr(name, '.');
    int len = end ? (int)(end - name) : (int)strlen(name);
    g_string_printf(v->script, "aj(\"%.*s\",\"%s\",", len, name, numbering);
}

bool aj_volume_file(AjVolume *v, const char *name, const AjHash *key, const char *payload,
                    size_t len, bool coded)
{
    AjHash own;
    if (!key) {
        AjHashState *state = aj_hash_begin();
        aj_hash_add(state, v->numbering, sizeof v->numbering);
        aj_hash_add(state, payload, len);
        aj_hash_end(state, &own);
        key = &own;
    }
    if (aj_volume_keep(v, name, key))
        return true;
    GString *s = v->script;
    aj_volume_begin(v, name, v->numbering);
    g_string_append_c(s, '"');
    if (coded)
        aj_code_append_text(s, payload, len);
    else
        g_string_append_len(s, payload, (gssize)len);
    g_string_append(s, "\");\n");
    return v->sink->file(name, key, s->str, s->len, v->sink->data);
}

bool aj_volume_script(AjVolume *v, const char *name)
{
    AjHash key;
    aj_hash(v->script->str, v->script->len, &key);
    return aj_volume_keep(v, name, &key) ||
           v->sink->file(name, &key, v->script->str, v->script->len, v->sink->data);
}
