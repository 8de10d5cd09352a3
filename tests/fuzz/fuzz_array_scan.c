/* Scans: typed with the documented structure, segmented, generic. */
#include "fuzz_array.h"

/* The join of affine maps x -> a x + b modulo 2^32: associative, and does not commute. */
struct affine {
    uint32_t a, b;
};

static void compose(void *acc, const void *right, void *ctx)
{
    struct affine p, q;
    memcpy(&p, acc, sizeof p);
    memcpy(&q, right, sizeof q);
    p = (struct affine){p.a * q.a, q.a * p.b + q.b};
    memcpy(acc, &p, sizeof p);
    (void)ctx;
}

static void generic(struct fuzz *f)
{
    static const struct affine identity = {1, 0};
    const crew_scanner s = {&identity, compose};
    unsigned how = fuzz_byte(f);
    crew_options opt = {.grain = fuzz_byte(f)};
    size_t n = fuzz_count(f), size = sizeof identity;
    struct affine *x = fuzz_bytes(f, n * size), *out = how & 1 ? fuzz_copy(f, x, n * size) : fuzz_alloc(f, n * size);
    struct affine *in = how & 1 ? out : x, *want = fuzz_alloc(f, n * size), total = {3, 3}, acc = identity;
    unsigned char *flags = fuzz_bytes(f, n);
    int segmented = how >> 1 & 1, exclusive = how >> 2 & 1;
    for (size_t i = 0; i < n; i++) {
        if (segmented && flags[i])
            acc = identity;
        if (exclusive)
            want[i] = acc;
        compose(&acc, &x[i], NULL);
        if (!exclusive)
            want[i] = acc;
    }
    int code = segmented
                   ? (exclusive ? crew_scan_segmented_exclusive
                                : crew_scan_segmented_inclusive)(in, flags, out, size, n, &s, NULL, &total, &opt)
                   : (exclusive ? crew_scan_exclusive : crew_scan_inclusive)(in, out, size, n, &s, NULL, &total, &opt);
    fuzz_true(code == 0, "generic scan");
    fuzz_same(&total, &acc, size, "total of a generic scan");
    fuzz_same(out, want, n * size, "generic scan");
}

#define TEMPLATE "../../../tests/fuzz/fuzz_scan_template.h"
#include "../../lib/array/typed/each_type_template.h"

void fuzz_scan(struct fuzz *f)
{
    static void (*const kinds[])(struct fuzz *) = {generic,  scan_f32, scan_f64, scan_i32,
                                                   scan_i64, scan_u32, scan_u64, scan_f64};
    kinds[fuzz_byte(f) % 8](f);
}
