/* sha1 - the hash by which git names things: with the processor's own instructions where it has
 * them, else with GLib's.
 *
 * Must not know: git's objects. */
#include "base/sha1.h"

#include <glib.h>
#include <stdbool.h>
#include <string.h>

static void by_glib(const void *head, size_t head_len, const void *bytes, size_t len,
                    uint8_t out[20])
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA1);
    g_checksum_update(sum, head, (gssize)head_len);
    for (size_t at = 0; at < len;) {
        size_t part = MIN(len - at, (size_t)1 << 30); /* the call counts in gssize */
        g_checksum_update(sum, (const guchar *)bytes + at, (gssize)part);
        at += part;
    }
    gsize size = 20;
    g_checksum_get_digest(sum, out, &size);
}

#ifdef __x86_64__
#include <cpuid.h>
#include <immintrin.h>

/* Written once, before main: in a virtual machine the question costs 10 µs each time. */
static bool machine_has_sha;

__attribute__((constructor)) static void ask_machine(void)
{
    unsigned a, b, c, d;
    if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & bit_SSE4_1) || !(c & bit_SSSE3))
        return;
    machine_has_sha = __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & bit_SHA);
}

/* Four rounds. From the fifth group on the message words are made from the sixteen before. */
#define GROUP(i)                                                                                   \
    do {                                                                                           \
        if ((i) >= 4)                                                                              \
            w[(i) % 4] = _mm_sha1msg2_epu32(                                                       \
                _mm_xor_si128(_mm_sha1msg1_epu32(w[(i) % 4], w[((i) + 1) % 4]), w[((i) + 2) % 4]), \
                w[((i) + 3) % 4]);                                                                 \
        __m128i next = (i) ? _mm_sha1nexte_epu32(e, w[(i) % 4]) : _mm_add_epi32(e, w[0]);          \
        e = abcd;                                                                                  \
        abcd = _mm_sha1rnds4_epu32(abcd, next, (i) / 5);                                           \
    } while (0)

__attribute__((target("sha,sse4.1,ssse3"))) static void blocks(uint32_t state[5], const uint8_t *p,
                                                               size_t count)
{
    const __m128i turn = _mm_set_epi64x(0x0001020304050607, 0x08090a0b0c0d0e0f);
    __m128i abcd = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)state), 0x1b);
    __m128i e = _mm_set_epi32((int)state[4], 0, 0, 0);
    for (; count; count--, p += 64) {
        __m128i abcd_before = abcd, e_before = e, w[4];
        for (int i = 0; i < 4; i++)
            w[i] = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(p + 16 * i)), turn);
        GROUP(0);
        GROUP(1);
        GROUP(2);
        GROUP(3);
        GROUP(4);
        GROUP(5);
        GROUP(6);
        GROUP(7);
        GROUP(8);
        GROUP(9);
        GROUP(10);
        GROUP(11);
        GROUP(12);
        GROUP(13);
        GROUP(14);
        GROUP(15);
        GROUP(16);
        GROUP(17);
        GROUP(18);
        GROUP(19);
        e = _mm_sha1nexte_epu32(e, e_before);
        abcd = _mm_add_epi32(abcd, abcd_before);
    }
    _mm_storeu_si128((__m128i *)state, _mm_shuffle_epi32(abcd, 0x1b));
    state[4] = (uint32_t)_mm_extract_epi32(e, 3);
}

static void by_machine(const void *head, size_t head_len, const void *bytes, size_t len,
                       uint8_t out[20])
{
    uint32_t state[5] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};
    uint8_t edge[128];
    const uint8_t *p = bytes;
    size_t left = len, fill = head_len;
    memcpy(edge, head, head_len);
    if (left >= 64 - fill) { /* the head and the beginning make the first block */
        memcpy(edge + fill, p, 64 - fill);
        blocks(state, edge, 1);
        p += 64 - fill;
        left -= 64 - fill;
        blocks(state, p, left / 64);
        p += left / 64 * 64;
        left %= 64;
        fill = 0;
    }
    if (left)
        memcpy(edge + fill, p, left);
    fill += left;
    size_t end = fill < 56 ? 64 : 128;
    memset(edge + fill, 0, end - fill);
    edge[fill] = 0x80;
    for (unsigned i = 0; i < 8; i++)
        edge[end - 1 - i] = (uint8_t)((uint64_t)(head_len + len) * 8 >> (8 * i));
    blocks(state, edge, end / 64);
    for (unsigned i = 0; i < 20; i++)
        out[i] = (uint8_t)(state[i / 4] >> (24 - 8 * (i % 4)));
}
#endif

void aj_sha1(const void *head, size_t head_len, const void *bytes, size_t len, uint8_t out[20])
{
    g_assert(head_len < 64);
#ifdef __x86_64__
    if (machine_has_sha) {
        by_machine(head, head_len, bytes, len, out);
        return;
    }
#endif
    by_glib(head, head_len, bytes, len, out);
}
