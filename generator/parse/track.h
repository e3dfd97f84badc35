/* track - follows the block structure of a page as cmark does, and rewrites the lines that are
 * ours.
 *
 * Must not know: inlines, nodes, HTML, files. */
#pragma once
#include "parse/prepass.h"

/* Takes text, len and has of `io`, gives back the rest, and another text where lines were
 * rewritten. False when a limit was passed (diagnosed). */
bool aj_track_run(AjArena *a, const AjMarkdownOptions *options, AjDiags *diags, AjPrepass *io);
