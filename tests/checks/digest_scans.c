/* Scans of any type. */
#include "digest.h"
#include <crew/crew.h>

static void combine_sum(void *acc, const void *right, void *ctx)
{
    (void)ctx;
    *(double *)acc += *(const double *)right;
}

/* Functions a x + b of bytes: three of the size's bytes count, unaligned, and the operator does not commute. */
static void combine_affine(void *acc, const void *right, void *ctx)
{
    (void)ctx;
    unsigned char *f = acc;
    const unsigned char *g = right;
    f[1] = (unsigned char)(g[0] * f[1] + g[1]);
    f[0] = (unsigned char)(g[0] * f[0]);
    f[2] = f[2] > g[2] ? f[2] : g[2];
}

static void scans(const char *family, const void *in, const unsigned char *flags, size_t size, size_t n,
                  const crew_scanner *s, const crew_options *opt)
{
    size_t bytes = n * size;
    unsigned char *out = room(2, 16), total[16] = {0};
    for (int in_place = 0; in_place <= (n <= SHORT); in_place++) {
        if (in_place)
            memcpy(marked(out, bytes), in, bytes);
        const void *from = in_place ? out : in;
#define SCAN(call)                                                                                                     \
    do {                                                                                                               \
        memcpy(marked(out, bytes), in, in_place ? bytes : 0);                                                          \
        add_code(family, NULL, call);                                                                                  \
        add(family, NULL, total, sizeof total);                                                                        \
        add_guarded(family, NULL, out, bytes);                                                                         \
    } while (0)
        SCAN(crew_scan_inclusive(from, out, size, n, s, NULL, total, opt));
        SCAN(crew_scan_exclusive(from, out, size, n, s, NULL, total, opt));
        SCAN(crew_scan_segmented_inclusive(from, flags, out, size, n, s, NULL, total, opt));
        SCAN(crew_scan_segmented_exclusive(from, flags, out, size, n, s, NULL, total, opt));
#undef SCAN
    }
}

void digest_scans(void)
{
    static const unsigned char unit[3] = {1, 0, 0};
    const crew_scanner sum = {.combine = combine_sum}, affine = {.identity = unit, .combine = combine_affine};
    for (size_t s = 0; s < size_count; s++) {
        size_t n = sizes[s];
        seed(n);
        double *x = room(0, s % 4 * 8);
        unsigned char *bytes = room(1, s % 7), *flags = room(3, s % 5);
        for (size_t i = 0; i < n; i++)
            x[i] = random_double();
        for (size_t i = 0; i < 3 * n; i++)
            bytes[i] = (unsigned char)(random64() | (i % 3 == 0));
        make_flags(flags, n);
        scans("scan_sum", x, flags, 8, n, &sum, NULL);
        scans("scan_affine", bytes, flags, 3, n, &affine, NULL);
        if (n > SHORT)
            continue;
        scans("scan_sum", x, flags, 8, n, &sum, &(crew_options){.grain = 10});
        scans("scan_affine", bytes, flags, 3, n, &affine, &(crew_options){.grain = 100});
    }
    crew_cancel stop = {0};
    crew_cancel_request(&stop);
    double *x = room(0, 0), *out = room(2, 0);
    const int codes[] = {
        crew_scan_inclusive(x, x + 1, 8, 10, &sum, NULL, NULL, NULL),
        crew_scan_inclusive(x, out, 0, 10, &sum, NULL, NULL, NULL),
        crew_scan_exclusive(x, out, 8, SIZE_MAX / 2, &sum, NULL, NULL, NULL),
        crew_scan_exclusive(x, out, 8, 5000, NULL, NULL, NULL, NULL),
        crew_scan_inclusive(x, out, 8, 5000, &sum, NULL, NULL, &(crew_options){.cancel = &stop}),
        crew_scan_segmented_inclusive(x, NULL, out, 8, 5000, &sum, NULL, NULL, NULL),
    };
    add("refusals_scan", NULL, codes, sizeof codes);
}
