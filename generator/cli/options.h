/* options - what all commands share: -q, -v, -C, parsing, talking to the terminal.
 *
 * Must not know: what any command does. */
#pragma once
#include "base/diag.h"
#include "cli/command.h"
#include "driver/build.h"

/* Set once by main before a command runs. */
void aj_options_set(bool quiet, bool verbose);
bool aj_options_quiet(void);
bool aj_options_verbose(void);
bool aj_options_color(int fd); /* a terminal, NO_COLOR not set */
/* Parses argv with the command's entries, whose arg_data the caller has filled in. At most `most`
 * words may remain. false: told on stderr, leave with AJ_EXIT_USAGE. */
bool aj_options_parse(const AjCommand *command, GOptionEntry *entries, int *argc, char ***argv,
                      int most);
/* What is wrong with the content, on stderr; with -q errors only. */
void aj_options_tell(const AjDiags *diags);
/* One line on stderr: "anjian: 错误: …". */
void aj_options_complain(const char *message);
/* The same for why a command failed; the code to leave with: a revision that is not there is the
 * user's slip, the rest the world's. */
int aj_options_failed(const GError *error);
/* A progress bar on a terminal, for work over a second. Fits AjBuildOptions.progress. */
void aj_options_progress(AjStage stage, uint32_t done, uint32_t total, void *data);
void aj_options_progress_end(void);
/* Absolute path of what the user typed. Caller frees. */
char *aj_options_absolute(const char *path);
/* "…|…" descriptions: the half for the language in use. */
const char *aj_options_text(const char *both, char *buffer, size_t size);
