/* manifest - what a bundle holds. Must not know: archives, signatures. */
#include "bundle/manifest.h"

#include "base/hash.h"
#include "base/json.h"

bool aj_manifest_make(const char *site, const AjFsList *files, const AjManifestOrigin *origin,
                      GString *json, GError **error)
{
    AjArena *a = aj_arena_new(1 << 16);
    AjValue *map = aj_value_map(a), *list = aj_value_list(a);
    AjHashState *all = aj_hash_begin();
    bool good = true;
    for (uint32_t i = 0; good && i < aj_fs_list_count(files); i++) {
        const AjFsEntry *entry = aj_fs_list_at(files, i);
        g_autofree char *path = g_build_filename(site, entry->path, NULL);
        g_autoptr(GMappedFile) file = g_mapped_file_new(path, FALSE, error);
        good = file != NULL;
        if (!good)
            break;
        AjHash hash;
        char hex[65];
        const char *bytes = g_mapped_file_get_contents(file);
        aj_hash(bytes ? bytes : "", g_mapped_file_get_length(file), &hash);
        aj_hash_hex(&hash, 64, hex);
        AjValue *one = aj_value_map(a);
        aj_value_set_string(a, one, "path", entry->path);
        aj_value_set_int(a, one, "size", (int64_t)g_mapped_file_get_length(file));
        aj_value_set_string(a, one, "blake2b", hex);
        aj_value_push(a, list, one);
        aj_hash_add_string(all, entry->path);
        aj_hash_add_string(all, hex);
    }
    AjHash id;
    char hex[65];
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
    return good;
}
