/* cmd_serve - a preview on this machine: build, show, build again when something changes.
 *
 * One thread and one main loop: libmicrohttpd is driven through its epoll descriptor. Nothing is
 * served but regular files below the private output folder.
 * Must not know: how a build is done. */
#include "base/fs.h"
#include "base/lang.h"
#include "cli/command.h"
#include "cli/microhttpd.h"
#include "cli/options.h"
#include "cli/preview.h"
#include "cli/rebuild.h"
#include "cli/watch.h"

#include <errno.h>
#include <glib-unix.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define QUIET_MS 50u
#define HEARTBEAT_S 15u
#define CLIENT_TIMEOUT_S 20u
#define MAX_CLIENTS 512u
#define MAX_LISTENERS 64u
#define MAX_PAGE (64u << 20)   /* bytes of an HTML page that gets the reload script */
#define MAX_QUEUE (256u << 10) /* bytes of events that a page has not read */

typedef struct {
    const char *bind;
    const char *typed; /* the folder as the user wrote it: so are the paths of problems */
    char *dir, *program, *home, *out;
    AjMicrohttpd mhd;
    struct MHD_Daemon *daemon;
    GMainLoop *loop;
    GPtrArray *listeners; /* Listener* */
    AjRebuild *rebuild;
    char *problems; /* of the last build; "" when it was good */
    guint64 start, builds;
    char state[48]; /* names what is shown: changes with every build */
} Serve;

/* A page that waits for news, on a suspended connection. */
typedef struct {
    Serve *serve;
    struct MHD_Connection *connection;
    GString *queue;
    size_t sent;
    bool suspended, closing;
} Listener;

static void complain(const char *format, ...) G_GNUC_PRINTF(1, 2);
static void complain(const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    g_autofree char *message = g_strdup_vprintf(format, ap);
    va_end(ap);
    aj_options_complain(message);
}

/* ---- events ---- */

static ssize_t listener_read(void *user, uint64_t pos, char *buffer, size_t max)
{
    (void)pos;
    Listener *l = user;
    if (l->closing)
        return MHD_CONTENT_READER_END_OF_STREAM;
    size_t rest = l->queue->len - l->sent;
    if (rest == 0) {
        l->serve->mhd.suspend_connection(l->connection);
        l->suspended = true;
        return 0;
    }
    size_t n = MIN(rest, max);
    memcpy(buffer, l->queue->str + l->sent, n);
    l->sent += n;
    if (l->sent == l->queue->len) {
        g_string_truncate(l->queue, 0);
        l->sent = 0;
    }
    return (ssize_t)n;
}

static void listener_free(void *user)
{
    Listener *l = user;
    g_ptr_array_remove_fast(l->serve->listeners, l);
    g_string_free(l->queue, TRUE);
    g_free(l);
}

static void listeners_wake(Serve *s)
{
    for (guint i = 0; i < s->listeners->len; i++) {
        Listener *l = s->listeners->pdata[i];
        if (l->suspended) {
            l->suspended = false;
            s->mhd.resume_connection(l->connection);
        }
    }
}

static void listener_greet(Serve *s, Listener *l)
{
    if (l->queue->len > MAX_QUEUE) /* it does not read */
        return;
    aj_preview_event("state", s->state, l->queue);
    aj_preview_event("problems", s->problems, l->queue);
}

static void listeners_tell(Serve *s)
{
    for (guint i = 0; i < s->listeners->len; i++)
        listener_greet(s, s->listeners->pdata[i]);
    listeners_wake(s);
    s->mhd.run(s->daemon);
}

/* Also how we learn that a browser has gone. */
static gboolean heartbeat(gpointer user)
{
    Serve *s = user;
    for (guint i = 0; i < s->listeners->len; i++) {
        GString *queue = ((Listener *)s->listeners->pdata[i])->queue;
        if (queue->len == 0)
            g_string_append(queue, ":\n\n");
    }
    listeners_wake(s);
    s->mhd.run(s->daemon);
    return G_SOURCE_CONTINUE;
}

/* ---- builds ---- */

static void state_next(Serve *s)
{
    s->builds++;
    g_snprintf(s->state, sizeof s->state, "%" G_GUINT64_FORMAT "-%" G_GUINT64_FORMAT, s->start,
               s->builds);
}

static void build_ended(const AjRebuilt *result, void *user)
{
    Serve *s = user;
    int code = result->code;
    g_clear_pointer(&s->problems, g_free);
    if (code == 0) {
        s->problems = g_strdup("");
    } else {
        s->problems = g_utf8_make_valid(result->said, -1);
        g_strchomp(s->problems);
        if (!*s->problems) {
            g_free(s->problems);
            s->problems = g_strdup_printf(
                AJ_TR("生成失败（退出码 %d）", "the build failed (exit code %d)"), code);
        }
    }
    if (code == 0 || code == 1)
        state_next(s);
    if (code != 0 && code != 1)
        fputs(AJ_TR("生成失败，仍显示上一次的结果\n",
                    "the build failed; the last good one is still shown\n"),
              stderr);
    else if (!aj_options_quiet())
        fprintf(stderr,
                code ? AJ_TR("已生成，内容有错误（%.2f 秒）\n",
                             "built, the content has errors (%.2f s)\n")
                     : AJ_TR("已生成（%.2f 秒）\n", "built (%.2f s)\n"),
                result->seconds);
    listeners_tell(s);
}

/* ---- answers ---- */

static enum MHD_Result answer(Serve *s, struct MHD_Connection *c, unsigned status, const char *type,
                              struct MHD_Response *r)
{
    s->mhd.add_response_header(r, "Content-Type", type);
    s->mhd.add_response_header(r, "Cache-Control", "no-store");
    s->mhd.add_response_header(r, "X-Content-Type-Options", "nosniff");
    s->mhd.add_response_header(r, "Cross-Origin-Resource-Policy", "same-origin");
    enum MHD_Result result = s->mhd.queue_response(c, status, r);
    s->mhd.destroy_response(r);
    return result;
}

static enum MHD_Result answer_bytes(Serve *s, struct MHD_Connection *c, unsigned status,
                                    const char *type, GString *bytes)
{
    size_t len = bytes->len;
    char *text = g_string_free(bytes, FALSE);
    return answer(s, c, status, type,
                  s->mhd.create_response_from_buffer_with_free_callback(len, text, g_free));
}

static enum MHD_Result answer_text(Serve *s, struct MHD_Connection *c, unsigned status,
                                   const char *text)
{
    GString *bytes = g_string_new(text);
    g_string_append_c(bytes, '\n');
    return answer_bytes(s, c, status, "text/plain; charset=utf-8", bytes);
}

static enum MHD_Result answer_moved(Serve *s, struct MHD_Connection *c, const char *target)
{
    /* One slash in front, never two: "//host/" would lead elsewhere. */
    size_t len = strcspn(target, "?#");
    g_autofree char *to = g_strdup_printf("%.*s/%s", (int)len, target, target + len);
    struct MHD_Response *r =
        s->mhd.create_response_from_buffer(0, (void *)"", MHD_RESPMEM_PERSISTENT);
    s->mhd.add_response_header(r, "Location", to);
    return answer(s, c, MHD_HTTP_FOUND, "text/plain; charset=utf-8", r);
}

static enum MHD_Result answer_listener(Serve *s, struct MHD_Connection *c, bool head)
{
    if (head || s->listeners->len >= MAX_LISTENERS)
        return answer_text(s, c, head ? MHD_HTTP_METHOD_NOT_ALLOWED : MHD_HTTP_SERVICE_UNAVAILABLE,
                           "");
    Listener *l = g_new0(Listener, 1);
    l->serve = s;
    l->connection = c;
    l->queue = g_string_new("retry: 1000\n\n");
    g_ptr_array_add(s->listeners, l);
    listener_greet(s, l);
    return answer(s, c, MHD_HTTP_OK, "text/event-stream; charset=utf-8",
                  s->mhd.create_response_from_callback(MHD_SIZE_UNKNOWN, 4096, listener_read, l,
                                                       listener_free));
}

/* The page with the reload script in it. Takes fd. */
static enum MHD_Result answer_page(Serve *s, struct MHD_Connection *c, unsigned status, int fd,
                                   size_t size)
{
    g_autofree char *html = g_malloc(size + 1);
    size_t len = 0;
    ssize_t n;
    while (len < size && (n = read(fd, html + len, size - len)) > 0)
        len += (size_t)n;
    close(fd);
    GString *out = g_string_sized_new(len + 256);
    aj_preview_inject(html, len, s->state, status == MHD_HTTP_NOT_FOUND, out);
    return answer_bytes(s, c, status, "text/html; charset=utf-8", out);
}

static enum MHD_Result answer_missing(Serve *s, struct MHD_Connection *c)
{
    struct stat st;
    int fd = aj_fs_open_below(s->out, "404.html");
    if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size <= MAX_PAGE)
        return answer_page(s, c, MHD_HTTP_NOT_FOUND, fd, (size_t)st.st_size);
    if (fd >= 0)
        close(fd);
    GString *out = g_string_new(NULL);
    bool waiting = s->builds == 0 && !*s->problems;
    aj_preview_page(waiting ? AJ_TR("正在生成……", "Building …")
                            : AJ_TR("没有这一页", "No such page"),
                    s->problems, s->state, out);
    return answer_bytes(s, c, MHD_HTTP_NOT_FOUND, "text/html; charset=utf-8", out);
}

static enum MHD_Result answer_file(Serve *s, struct MHD_Connection *c, const char *target,
                                   GString *path)
{
    if (path->len == 0 || path->str[path->len - 1] == '/')
        g_string_append(path, "index.html");
    struct stat st;
    int fd = aj_fs_open_below(s->out, path->str);
    if (fd < 0 || fstat(fd, &st) < 0 || !(S_ISREG(st.st_mode) || S_ISDIR(st.st_mode))) {
        if (fd >= 0)
            close(fd);
        return answer_missing(s, c);
    }
    if (S_ISDIR(st.st_mode)) {
        close(fd);
        return answer_moved(s, c, target);
    }
    const char *type = aj_preview_type(path->str);
    if (g_str_has_prefix(type, "text/html") && st.st_size <= MAX_PAGE)
        return answer_page(s, c, MHD_HTTP_OK, fd, (size_t)st.st_size);
    guint64 size = (guint64)st.st_size, from = 0, len = size;
    const char *range = s->mhd.lookup_connection_value(c, MHD_HEADER_KIND, "Range");
    bool part = aj_preview_range(range, size, &from, &len);
    struct MHD_Response *r = s->mhd.create_response_from_fd_at_offset64(len, fd, from);
    s->mhd.add_response_header(r, "Accept-Ranges", "bytes");
    if (part) {
        g_autofree char *value =
            g_strdup_printf("bytes %" G_GUINT64_FORMAT "-%" G_GUINT64_FORMAT "/%" G_GUINT64_FORMAT,
                            from, from + len - 1, size);
        s->mhd.add_response_header(r, "Content-Range", value);
    }
    return answer(s, c, part ? MHD_HTTP_PARTIAL_CONTENT : MHD_HTTP_OK, type, r);
}

static enum MHD_Result host_count(void *user, enum MHD_ValueKind kind, const char *key,
                                  const char *value)
{
    (void)kind;
    (void)value;
    if (g_ascii_strcasecmp(key, "Host") == 0)
        (*(int *)user)++;
    return MHD_YES;
}

static enum MHD_Result request(void *user, struct MHD_Connection *c, const char *url,
                               const char *method, const char *version, const char *upload,
                               size_t *upload_size, void **state)
{
    static int seen; /* its address marks the first call of a request */
    Serve *s = user;
    (void)version;
    (void)upload;
    if (!*state) {
        *state = &seen;
        return MHD_YES;
    }
    if (*upload_size) { /* a body nobody asked for */
        *upload_size = 0;
        return MHD_YES;
    }
    bool head = strcmp(method, "HEAD") == 0;
    if (!head && strcmp(method, "GET") != 0) {
        struct MHD_Response *r =
            s->mhd.create_response_from_buffer(0, (void *)"", MHD_RESPMEM_PERSISTENT);
        s->mhd.add_response_header(r, "Allow", "GET, HEAD");
        return answer(s, c, MHD_HTTP_METHOD_NOT_ALLOWED, "text/plain; charset=utf-8", r);
    }
    int hosts = 0;
    s->mhd.get_connection_values(c, MHD_HEADER_KIND, host_count, &hosts);
    if (hosts != 1)
        return answer_text(s, c, MHD_HTTP_BAD_REQUEST,
                           AJ_TR("请求缺少 Host", "one Host is needed"));
    if (!aj_preview_host(s->mhd.lookup_connection_value(c, MHD_HEADER_KIND, "Host"), s->bind))
        return answer_text(
            s, c, MHD_HTTP_FORBIDDEN,
            AJ_TR("预览只回答本机的名字", "the preview answers to local names only"));
    if (strcmp(url, "/~anjian/events") == 0)
        return answer_listener(s, c, head);
    if (strcmp(url, "/~anjian/reload.js") == 0)
        return answer_bytes(s, c, MHD_HTTP_OK, "text/javascript; charset=utf-8",
                            g_string_new(aj_preview_script()));
    g_autoptr(GString) path = g_string_new(NULL);
    int status = aj_preview_path(url, path);
    if (status == 400)
        return answer_text(s, c, MHD_HTTP_BAD_REQUEST,
                           AJ_TR("地址写得不对", "a malformed address"));
    if (status != 200)
        return answer_missing(s, c);
    return answer_file(s, c, url, path);
}

/* The address stays as it came: aj_preview_path decodes it, once and strictly. */
static size_t leave_encoded(void *user, struct MHD_Connection *c, char *s)
{
    (void)user;
    (void)c;
    return strlen(s);
}

/* ---- the server in the main loop ---- */

typedef struct {
    GSource source;
    Serve *serve;
    gpointer tag;
} ServerSource;

static gboolean server_prepare(GSource *source, gint *timeout)
{
    Serve *s = ((ServerSource *)source)->serve;
    MHD_UNSIGNED_LONG_LONG ms = 0;
    *timeout = s->mhd.get_timeout(s->daemon, &ms) == MHD_YES ? (gint)MIN(ms, 60000) : -1;
    return *timeout == 0;
}

static gboolean server_check(GSource *source)
{
    Serve *s = ((ServerSource *)source)->serve;
    MHD_UNSIGNED_LONG_LONG ms = 1;
    return g_source_query_unix_fd(source, ((ServerSource *)source)->tag) != 0 ||
           (s->mhd.get_timeout(s->daemon, &ms) == MHD_YES && ms == 0);
}

static gboolean server_dispatch(GSource *source, GSourceFunc callback, gpointer user)
{
    (void)callback;
    (void)user;
    Serve *s = ((ServerSource *)source)->serve;
    s->mhd.run(s->daemon);
    return G_SOURCE_CONTINUE;
}

static GSourceFuncs server_funcs = {server_prepare, server_check, server_dispatch,
                                    NULL,           NULL,         NULL};

/* A listening socket; *port is what the system gave when it was 0. -1 after a message. */
static int listen_at(const char *bind_to, guint16 *port)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICHOST};
    struct addrinfo *info = NULL;
    g_autofree char *service = g_strdup_printf("%u", *port);
    const char *host = strcmp(bind_to, "localhost") == 0 ? "127.0.0.1" : bind_to;
    if (getaddrinfo(host, service, &hints, &info) != 0) {
        complain(AJ_TR("--bind %s 不是地址，写成 127.0.0.1 这样的数字",
                       "--bind %s is no numeric address"),
                 bind_to);
        return -1;
    }
    int one = 1;
    int fd = socket(info->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd >= 0)
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    bool good = fd >= 0 && bind(fd, info->ai_addr, info->ai_addrlen) == 0 && listen(fd, 128) == 0;
    int reason = errno;
    freeaddrinfo(info);
    if (!good) {
        if (fd >= 0)
            close(fd);
        if (reason == EADDRINUSE)
            complain(
                AJ_TR("端口 %u 已被占用；换一个：--port %u", "port %u is in use; try --port %u"),
                *port, *port < 65535 ? *port + 1u : 8080u);
        else
            complain(AJ_TR("无法在 %s 端口 %u 上监听：%s", "cannot listen at %s port %u: %s"),
                     bind_to, *port, g_strerror(reason));
        return -1;
    }
    struct sockaddr_storage name;
    socklen_t len = sizeof name;
    if (getsockname(fd, (struct sockaddr *)&name, &len) == 0)
        *port = ntohs(name.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&name)->sin6_port
                                                 : ((struct sockaddr_in *)&name)->sin_port);
    return fd;
}

static struct MHD_Daemon *server_start(Serve *s, int fd, guint *source_out)
{
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) { /* a slow client holds one each */
        files.rlim_cur = MIN(files.rlim_max, 4096);
        setrlimit(RLIMIT_NOFILE, &files);
    }
    s->daemon = s->mhd.start_daemon(
        MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, request, s,
        MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_CONNECTION_LIMIT, MAX_CLIENTS,
        MHD_OPTION_CONNECTION_TIMEOUT, CLIENT_TIMEOUT_S, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        (size_t)32768, MHD_OPTION_UNESCAPE_CALLBACK, leave_encoded, NULL, MHD_OPTION_END);
    if (!s->daemon)
        return NULL;
    const union MHD_DaemonInfo *info = s->mhd.get_daemon_info(s->daemon, MHD_DAEMON_INFO_EPOLL_FD);
    GSource *source = g_source_new(&server_funcs, sizeof(ServerSource));
    ((ServerSource *)source)->serve = s;
    ((ServerSource *)source)->tag = g_source_add_unix_fd(source, info->epoll_fd, G_IO_IN);
    *source_out = g_source_attach(source, NULL);
    g_source_unref(source);
    return s->daemon;
}

static void server_stop(Serve *s, guint source)
{
    for (guint i = 0; i < s->listeners->len; i++)
        ((Listener *)s->listeners->pdata[i])->closing = true;
    listeners_wake(s);
    s->mhd.run(s->daemon);
    g_source_remove(source);
    s->mhd.stop_daemon(s->daemon);
}

/* ---- the command ---- */

static void content_changed(void *user)
{
    aj_rebuild_ask(((Serve *)user)->rebuild);
}

static gboolean stop_asked(gpointer user)
{
    g_main_loop_quit(((Serve *)user)->loop);
    return G_SOURCE_CONTINUE;
}

static int serve_run(Serve *s, guint16 port)
{
    g_autoptr(GError) error = NULL;
    if (!aj_microhttpd_open(&s->mhd, &error)) {
        complain("%s", error->message);
        return AJ_EXIT_WORLD;
    }
    int fd = listen_at(s->bind, &port);
    if (fd < 0)
        return AJ_EXIT_WORLD;
    s->home = g_build_filename(g_get_tmp_dir(), "anjian-serve-XXXXXX", NULL);
    if (!g_mkdtemp_full(s->home, 0700)) {
        complain(AJ_TR("无法建立临时文件夹 %s：%s", "cannot make the folder %s: %s"), s->home,
                 g_strerror(errno));
        close(fd);
        return AJ_EXIT_WORLD;
    }
    s->out = g_build_filename(s->home, "site", NULL);
    guint server = 0;
    if (!server_start(s, fd, &server)) {
        complain("%s", AJ_TR("无法启动预览服务", "cannot start the preview server"));
        close(fd);
        rmdir(s->home);
        return AJ_EXIT_WORLD;
    }
    s->loop = g_main_loop_new(NULL, FALSE);
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
    for (size_t i = 0; i < G_N_ELEMENTS(signals); i++)
        g_unix_signal_add(signals[i], stop_asked, s);
    g_timeout_add_seconds(HEARTBEAT_S, heartbeat, s);
    AjWatch *watch = aj_watch_new(QUIET_MS, content_changed, s);
    if (!aj_watch_add_site(watch, s->dir, s->program))
        fputs(AJ_TR("文件夹太多，有些改动可能看不到，需要时请重新启动预览\n",
                    "too many folders: some changes may go unseen; restart the preview then\n"),
              stderr);
    bool v6 = strchr(s->bind, ':') != NULL;
    printf("http://%s%s%s:%u/\n", v6 ? "[" : "", s->bind, v6 ? "]" : "", port);
    fflush(stdout);
    fputs(AJ_TR("预览中，改动会自动刷新；按 Ctrl-C 结束\n",
                "previewing; changes show by themselves; Ctrl-C ends\n"),
          stderr);
    s->rebuild = aj_rebuild_new(s->program, s->typed, s->out, build_ended, s);
    aj_rebuild_ask(s->rebuild);
    g_main_loop_run(s->loop);
    aj_watch_free(watch);
    aj_rebuild_free(s->rebuild);
    server_stop(s, server);
    g_main_loop_unref(s->loop);
    if (!aj_fs_remove_tree(s->home, &error)) {
        complain("%s", error->message);
        return AJ_EXIT_WORLD;
    }
    return 0;
}

static const GOptionEntry options[] = {{"port", 'p', 0, G_OPTION_ARG_INT, NULL,
                                        "端口，0 表示任选一个空闲的|port; 0 takes a free one",
                                        "8080"},
                                       {"bind", 'b', 0, G_OPTION_ARG_STRING, NULL,
                                        "在哪个地址上回答|the address to answer at", "127.0.0.1"},
                                       {NULL, 0, 0, 0, NULL, NULL, NULL}};

static int serve(int argc, char **argv)
{
    int port = 8080;
    g_autofree char *bind_to = NULL;
    GOptionEntry entries[G_N_ELEMENTS(options)];
    memcpy(entries, options, sizeof options);
    entries[0].arg_data = &port;
    entries[1].arg_data = &bind_to;
    if (!aj_options_parse(&aj_cmd_serve, entries, &argc, &argv, 1))
        return AJ_EXIT_USAGE;
    if (port < 0 || port > 65535) {
        aj_options_complain(
            AJ_TR("端口写成 0 到 65535 之间的整数", "a port is a number from 0 to 65535"));
        return AJ_EXIT_USAGE;
    }
    Serve s = {.bind = bind_to ? bind_to : "127.0.0.1"};
    s.typed = argc > 1 ? argv[1] : ".";
    s.dir = aj_options_absolute(s.typed);
    if (!g_file_test(s.dir, G_FILE_TEST_IS_DIR)) {
        complain(AJ_TR("没有文件夹 %s", "there is no folder %s"), s.typed);
        g_free(s.dir);
        return AJ_EXIT_WORLD;
    }
    s.program = g_file_read_link("/proc/self/exe", NULL);
    if (!s.program)
        s.program = g_strdup("/proc/self/exe");
    s.listeners = g_ptr_array_new();
    s.problems = g_strdup("");
    s.start = (guint64)g_get_real_time();
    g_snprintf(s.state, sizeof s.state, "%" G_GUINT64_FORMAT "-0", s.start);
    int code = serve_run(&s, (guint16)port);
    g_ptr_array_unref(s.listeners);
    g_free(s.problems);
    g_free(s.program);
    g_free(s.dir);
    g_free(s.home);
    g_free(s.out);
    return code;
}

const AjCommand aj_cmd_serve = {"serve",
                                "[DIR] [--port 8080] [--bind 127.0.0.1]",
                                "边写边看：在本机预览，改动自动刷新",
                                "preview on this machine, reloading on every change",
                                serve,
                                options};
