/* manifest - what a bundle holds. Must not know: archives, signatures. */
#include "bundle/manifest.h"

#include "base/json.h"

void aj_manifest_print(const AjManifestFile *files, uint32_t count, const AjManifestOrigin *origin,
                       GString *json)
{
    AjArena *a = aj_arena_new(1 << 16);
    AjValue *map = aj_value_map(a), *list = aj_value_list(a);
    AjHashState *all = aj_hash_begin();
    char hex[65];
    for (uint32_t i = 0; i < count; i++) {
        aj_hash_hex(&files[i].hash, 64, hex);
        AjValue *one = aj_value_map(a);
        aj_value_set_string(a, one, "path", files[i].path);
        aj_value_set_int(a, one, "size", (int64_t)files[i].size);
        aj_value_set_string(a, one, "blake2b", hex);
        aj_value_push(a, list, one);
        aj_hash_add_string(all, files[i].path);
        aj_hash_add_string(all, hex);
    }
    AjHash id;
    aj_hash_end(all, &id);
    aj_hash_hex(&id, 32, hex);
    aj_value_set_int(a, map, "format", 1);
    aj_value_set_string(a, map, "id", hex);
    aj_value_set_int(a, map, "seq", origin->seq);
    aj_value_set_string(a, map, "edition", origin->edition);
    aj_value_set_string(a, map, "commit", origin->commit);
    aj_value_set(a, map, "base", aj_value_null(a));
    aj_value_set(a, map, "files", list);
    aj_value_set(a, map, "deleted", aj_value_list(a));
    aj_json_print(map, 1, json);
    g_string_append_c(json, '\n');
    aj_arena_free(a);
}
