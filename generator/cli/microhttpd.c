/* microhttpd - one door to libmicrohttpd, opened when a preview begins.
 *
 * Must not know: requests, sites. */
#include "cli/microhttpd.h"

#include "base/lang.h"

#include <dlfcn.h>

#define LIBRARY "libmicrohttpd.so.12"

static void *find(void *library, const char *name, GError **error)
{
    void *function = library ? dlsym(library, name) : NULL;
    if (!function && error && !*error)
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_NOENT,
                    AJ_TR("预览要用 " LIBRARY "，请安装 libmicrohttpd12：%s",
                          "a preview needs " LIBRARY "; install libmicrohttpd12: %s"),
                    dlerror());
    return function;
}

bool aj_microhttpd_open(AjMicrohttpd *out, GError **error)
{
    void *library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
    bool good = true;
#define FIND(name)                                                                                 \
    out->name = (__typeof__(out->name))find(library, "MHD_" #name, good ? error : NULL);           \
    good = good && out->name;
    AJ_MICROHTTPD(FIND)
    return good;
}
