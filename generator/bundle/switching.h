/* switching - a staged site takes the place of the one that stands, and what a cut-off run left.
 *
 * Where the disk exchanges two names, one system call does it, and what was the site becomes the
 * generation before. Elsewhere (FAT, exFAT, TARGET is a mount point) files are renamed one by one
 * under a journal, which the next run finishes; what they replace becomes the generation before.
 * Must not know: bundles, why one site may follow another. */
#pragma once
#include "bundle/manifest.h"

#define AJ_PLACE_OURS ".anjian"
#define AJ_PLACE_STATE AJ_PLACE_OURS "/state.json"
#define AJ_PLACE_SUM AJ_PLACE_OURS "/state.sum"
#define AJ_PLACE_FRESH AJ_PLACE_OURS "/fresh" /* in a tree not switched in yet, or only just */
#define AJ_PLACE_JOURNAL AJ_PLACE_OURS "/journal"

/* Where everything lies around TARGET. */
typedef struct {
    char *target, *parent, *stage, *previous;
    char *beside; /* the stage while it is switched by exchange */
    char *before; /* what will be `previous`, while files are switched one by one */
    int parent_fd;
    bool is_made; /* the target: there was none before */
} AjPlace;
void aj_place_init(AjPlace *p, const char *target);
void aj_place_clear(AjPlace *p);
bool aj_place_clean(const AjPlace *p, GError **error); /* of what is under way, if it may be */
bool aj_place_has(const char *folder, const char *name);
/* Leaves out what is ours in TARGET: for aj_fs_walk. */
bool aj_place_skip(const char *path, bool is_folder, void *data);

/* Would what lies at `path`, which the site does not list, be where it has a folder or below one of
 * its files? */
bool aj_place_is_taken(const AjManifest *site, const char *path);

/* The stage holds all of `whole`, or, for `in_place`, at least what differs; `old` may be NULL: all
 * that lies there is the site of before. `*in_place` says in the end how it went. */
bool aj_switch(const AjPlace *p, const AjManifest *whole, const AjManifest *old, bool *in_place,
               GError **error);
/* Finishes or undoes what a run before left; afterwards there is no stage. */
bool aj_switch_recover(const AjPlace *p, AjArena *a, bool *recovered_out, GError **error);
bool aj_switch_sync(const char *path, GError **error);
