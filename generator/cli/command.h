/* command - one row of the command table.
 *
 * Help, man page and shell completion are printed from the table. Must not know: any command's
 * work. */
#pragma once
#include <glib.h>
#include <stdbool.h>

typedef struct {
    const char *name, *usage /* after the name */, *summary_zh, *summary_en;
    int (*run)(int argc, char **argv);
    const GOptionEntry *options; /* for help; descriptions are Chinese, "Chinese|English" */
} AjCommand;

extern const AjCommand aj_cmd_build, aj_cmd_check, aj_cmd_serve, aj_cmd_new, aj_cmd_bundle,
    aj_cmd_keygen, aj_cmd_verify, aj_cmd_apply, aj_cmd_history, aj_cmd_diff, aj_cmd_filter,
    aj_cmd_records, aj_cmd_quiz;

/* Exit codes of every command. */
enum { AJ_EXIT_GOOD = 0, AJ_EXIT_CONTENT = 1, AJ_EXIT_USAGE = 2, AJ_EXIT_WORLD = 3 };
