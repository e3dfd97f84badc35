/* pack - a made site to one bundle file: manifest first, the site below site/, what lies around it.
 *
 * A delta carries only what the site that it is for has not. Must not know: how a site is built,
 * archive formats. */
#pragma once
#include "bundle/bundle.h"
#include "bundle/delta.h"
#include "bundle/manifest.h"
#include "bundle/minisign.h"

typedef struct {
    const AjBundleFormat *format;
    const char *site, *to;        /* the folder; the file to write */
    const char *title, *language; /* of the site */
    int64_t seq;                  /* these three as in the manifest */
    const char *edition, *commit;
    const AjSecretKey *key;  /* signs to TO.minisig; NULL: not signed */
    const AjDeltaOld *since; /* NULL: the whole site */
    const char *date;        /* of the commit, YYYY-MM-DD; "" */
    const char *start;       /* for formats that begin at one page; NULL: index.html */
} AjPackJob;
typedef struct {
    uint64_t bytes;          /* of the bundle file */
    uint32_t files, carried; /* of the site, and in the bundle or made by its patches */
    struct {
        char name[200];
        uint64_t bytes; /* in the bundle */
    } largest[5];       /* largest first; ends with a name of "" */
} AjPackReport;
bool aj_pack(const AjPackJob *job, AjPackReport *report, GError **error);
/* The manifest of a site as it lies there, for a delta against it. */
bool aj_pack_manifest(AjArena *a, const char *site, AjManifest *out, GError **error);
