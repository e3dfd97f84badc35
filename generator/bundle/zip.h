/* zip - members to a zip archive that every unpacker takes.
 *
 * Must not know: what the files are, how they were deflated. */
#pragma once
#include "bundle/member.h"

/* Writes the whole archive to `fd`, which stands at its beginning; `path` is for messages. */
bool aj_zip_write(const AjBundleFile *files, const AjMembers *members, uint32_t count, int fd,
                  const char *path, GError **error);
