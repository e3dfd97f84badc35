/* loose - the loose objects of a repository, whatever bytes their files hold.
 *
 * In place of libgit2's own reader, which in 1.5.1 writes past its buffer when a file holds more
 * than its header says: a damaged or made-up repository must cost an error, not the program.
 * Must not know: what objects mean. */
#pragma once

struct git_odb;
/* All objects below the folder `objects` (.git/objects) and its alternates, packed ones too. Less
 * than 0: libgit2's code, and its message is set. */
int aj_loose_odb(struct git_odb **out, const char *objects);
