/* main - the door: command table, options, exit code.
 *
 * Must not know: how any command does its work. */
#include <stdio.h>

int main(void)
{
    puts("anjian");
    return 0;
}
