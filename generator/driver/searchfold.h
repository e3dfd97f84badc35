/* searchfold - lets a delta unfold the search folder: index/unfold in the words of bundle/patch.
 *
 * Must not know: what a search file holds, what a patch is. */
#pragma once
#include "bundle/patch.h"

extern const AjPatchFold aj_searchfold;
