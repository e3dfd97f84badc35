/* bundle - one list of files, many archive formats.
 *
 * A format is a const entry of a table. The same files give the same bytes: entries sorted, one
 * time, owner 0, mode 0644, ASCII names. Must not know: how the files were made, signatures. */
#pragma once
#include "base/arena.h"
#include "base/fs.h"

#define AJ_BUNDLE_ERROR (aj_bundle_error_quark())
GQuark aj_bundle_error_quark(void);
typedef enum {
    AJ_BUNDLE_ERROR_READ,
    AJ_BUNDLE_ERROR_WRITE,
    AJ_BUNDLE_ERROR_NAME,
    AJ_BUNDLE_ERROR_FORM, /* not a bundle, or not as we make them */
    AJ_BUNDLE_ERROR_OTHER /* of another format than those that are applied; signed or not */
} AjBundleError;

typedef struct {
    const char *name; /* in the archive, "site/cases/tank.html" */
    const char *path; /* on disk; NULL: `bytes` */
    const char *bytes;
    size_t len; /* of bytes */
} AjBundleFile;
struct AjMembers; /* of these files, in the same order: bundle/member */
/* A built site, for formats that are more than its files in an archive. */
typedef struct {
    AjArena *arena;
    const AjBundleFile *files; /* named below the site, sorted */
    uint32_t count;
    const char *title, *language;
    const char *commit, *date; /* 40 hex digits and YYYY-MM-DD, or "" */
    int64_t time;              /* of the commit; 0 */
    const char *start;         /* the page to begin with, below the site */
    bool one_course;           /* `start` was asked for: its course is enough */
} AjBundleSite;
typedef struct {
    const char *name; /* as typed after --format */
    const char *suffix;
    /* What goes into the archive, in order. NULL: manifest.json, the site below site/, what lies
     * around it: a bundle for verify and apply. */
    bool (*arrange)(const AjBundleSite *site, AjBundleFile **files_out, uint32_t *count_out,
                    GError **error);
    /* NULL: `arrange` gives one file, and its bytes are the bundle. */
    bool (*write)(const AjBundleFile *files, const struct AjMembers *members, uint32_t count,
                  int fd, const char *path, GError **error);
    bool one_edition; /* has no place for others beside the present one */
} AjBundleFormat;
const AjBundleFormat *aj_bundle_find(const char *name); /* NULL when there is none */
char *aj_bundle_names(void);                            /* "zip tar.zst …"; caller frees */
const char *aj_bundle_media_type(const char *path);     /* by its suffix; NULL: not known */
/* Written beside and renamed, so that a broken bundle is never found under its name. */
bool aj_bundle_write(const AjBundleFormat *format, const AjBundleFile *files,
                     const struct AjMembers *members, uint32_t count, const char *to,
                     GError **error);
