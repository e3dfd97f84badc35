/* places - which documents a page has, and which fragment file says what they say: the part of the
 * manifest that tells it.
 *
 * "groups": for each group its key and how many of its pages have units, "pages": one bit a
 * document, set where a page begins, low bits first. Must not know: terms, texts. */
#pragma once
#include "index/volume.h"

/* Appends ,"groups":"KEY NUMBER …","pages":"…". */
void aj_places_print(const AjVolume *v, GString *out);

typedef struct AjPlaces AjPlaces;
/* From a manifest.js that aj_shard_manifest() takes. NULL: it does not tell. */
AjPlaces *aj_places_read(const char *manifest, size_t len);
void aj_places_free(AjPlaces *p);
/* The number of the first page that the file "f/KEY-NUMBER-PART.js" holds, and its part. */
bool aj_places_file(const AjPlaces *p, const char *name, uint32_t *page_out, uint32_t *part_out);
/* The documents of a page: from…to - 1; false: there is no such page. */
bool aj_places_page(const AjPlaces *p, uint32_t page, uint32_t *from_out, uint32_t *to_out);
