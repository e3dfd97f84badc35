/* microhttpd - one door to libmicrohttpd, opened when a preview begins.
 *
 * It drags in ten other libraries for TLS, which no preview speaks: linked, they would cost every
 * start of every command.
 * Must not know: requests, sites. */
#pragma once
#include <glib.h>
#include <microhttpd.h>
#include <stdbool.h>

/* The library's functions that we call, without MHD_. */
#define AJ_MICROHTTPD(X)                                                                           \
    X(start_daemon)                                                                                \
    X(stop_daemon)                                                                                 \
    X(run)                                                                                         \
    X(get_timeout)                                                                                 \
    X(get_daemon_info)                                                                             \
    X(get_connection_values)                                                                       \
    X(lookup_connection_value)                                                                     \
    X(suspend_connection)                                                                          \
    X(resume_connection)                                                                           \
    X(queue_response)                                                                              \
    X(add_response_header)                                                                         \
    X(destroy_response)                                                                            \
    X(create_response_from_buffer)                                                                 \
    X(create_response_from_buffer_with_free_callback)                                              \
    X(create_response_from_callback)                                                               \
    X(create_response_from_fd_at_offset64)
#define AJ_MICROHTTPD_MEMBER(name) __typeof__(MHD_##name) *name;
typedef struct {
    AJ_MICROHTTPD(AJ_MICROHTTPD_MEMBER)
} AjMicrohttpd;

/* Good until the program ends. */
bool aj_microhttpd_open(AjMicrohttpd *out, GError **error);
