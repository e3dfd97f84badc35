/* reading - the files that tell a browser how to read letters, misspelt words and old characters.
 *
 *   p/k0.js …   pairs of characters by their first letters (index/lexicon)
 *   p/n0.js …   names of pages and sections by theirs (index/names)
 *   p/index.js  "TABLE|NAMES|PAIRS": what the site's characters sound like; where the files start
 *   p/rest.js   the same table for commonly used characters that the site does not have
 *   han.js      traditional character and simplified one by turns, of those that the site has
 * Must not know: postings, scores. */
#pragma once
#include "index/lexicon.h"
#include "index/volume.h"

/* `lexicon` knows the pairs already. false: the sink said stop. */
bool aj_reading_write(AjVolume *v, AjLexicon *lexicon);
