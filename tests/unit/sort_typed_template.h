/* check_sorts_{f32..u64}, check_selections_{f32..u64}, check_errors_{f32..u64}: the typed half of test_sort.c. */
#define FN(name) CREW__CAT(name, TYPE)

static int FN(by_value)(const void *a, const void *b, void *ctx)
{
    ELEMENT x, y;
    (void)ctx;
    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
#if FLOATING
    if (isnan(x) || isnan(y))
        return !!isnan(x) - !!isnan(y);
    if (x == 0 && y == 0)
        return !!signbit(y) - !!signbit(x);
#endif
    return (x > y) - (x < y);
}

static void FN(fill)(ELEMENT *x, size_t n, enum shape shape)
{
#if FLOATING
    static const double special[] = {0.0, -0.0, 1, -1, INFINITY, -INFINITY, 1e-40, -1e-40, 3e38};
#endif
    for (size_t i = 0; i < n; i++) {
        uint64_t r = next();
        ELEMENT e;
        memcpy(&e, &r, sizeof e);
#if FLOATING
        if (shape != SPECIAL)
            e = (ELEMENT)((double)(int64_t)r * 0x1p-60);
#endif
        switch (shape) {
        case SORTED:
            e = (ELEMENT)i;
            break;
        case REVERSED:
            e = (ELEMENT)(n - i);
            break;
        case FEW:
            e = (ELEMENT)((r >> 8) % 13 * 1000003);
            break;
        case EQUAL:
            e = 7;
            break;
        case ORGAN:
            e = (ELEMENT)(i < n / 2 ? i : n - i);
            break;
        case SKEWED:
            e = r % 16 ? (ELEMENT)((r >> 8) % 1000) : e;
            break;
        case LOW_BITS:
            e = (ELEMENT)((r >> 8) % (n + 1));
            break;
        case CLUSTERS:
            r = (r >> 20 & 0xffff) | (r & 1) << (8 * sizeof e - 3) | (r >> 40 & 7) << (8 * sizeof e - 12);
            memcpy(&e, &r, sizeof e);
            break;
        case RARE: /* few keys, and a zero that hardly a sample has met */
            e = (ELEMENT)(i == n / 3 ? 0 : ((r >> 8) % 13 + 1) * 1000003);
            break;
        case ALIKE: /* of three with the same upper bits some are equal, and some are not in order */
            r = ((r >> 8) % (n / 3 + 1) * UINT64_C(0x9e3779b97f4a7c15) & UINT64_C(0x3fffffffff000000)) | (r & 3);
            memcpy(&e, &r, sizeof e);
            break;
        case NEARLY:
            e = r >> 32 & 63 ? (ELEMENT)i : e;
            break;
        case SPECIAL:
#if FLOATING
            /* NaNs of both signs with their own bits among numbers of all kinds. */
            if (r >> 32 & 1)
                e = (ELEMENT)special[(r >> 33) % 9];
            else if (r >> 34 & 1)
                e = (ELEMENT)(r >> 35 & 1 ? NAN : -NAN);
            if (isnan(e)) {
                r = next() & 0xffff;
                uint64_t bits = 0;
                memcpy(&bits, &e, sizeof e);
                bits |= r;
                memcpy(&e, &bits, sizeof e);
            }
#else
            if (r >> 32 & 1)
                memset(&e, r >> 33 & 1 ? 0xff : 0, sizeof e);
#endif
            break;
        default:
            break;
        }
        x[i] = e;
    }
}

static void FN(check_records)(const ELEMENT *x, size_t n, const size_t *index, size_t size, size_t offset)
{
    unsigned char *a = test_alloc(n * size), *want = test_alloc(n * size);
    for (size_t i = 0; i < n * size; i++)
        a[i] = (unsigned char)next();
    for (size_t i = 0; i < n; i++)
        memcpy(a + i * size + offset, &x[i], sizeof x[i]);
    gather(a, size, index, n, want);
    ck_assert_int_eq(FN(crew_sort_records)(a, n, size, offset), 0);
    ck_assert_msg(memcmp(a, want, n * size) == 0, "records of %zu, key at %zu, n %zu", size, offset, n);
    free(a), free(want);
}

static void FN(check_values)(const ELEMENT *x, size_t n, const size_t *index, size_t size, size_t shift)
{
    unsigned char *memory = test_alloc(n * size + shift), *v = memory + shift, *want = test_alloc(n * size);
    ELEMENT *keys = test_alloc(n * sizeof *keys), *want_keys = test_alloc(n * sizeof *keys);
    for (size_t i = 0; i < n * size; i++)
        v[i] = (unsigned char)next();
    gather(v, size, index, n, want);
    gather(x, sizeof *x, index, n, want_keys);
    memcpy(keys, x, n * sizeof *x);
    ck_assert_int_eq(FN(crew_sort_by_key)(keys, v, size, n), 0);
    ck_assert_msg(memcmp(keys, want_keys, n * sizeof *x) == 0, "keys with values of %zu, n %zu", size, n);
    ck_assert_msg(memcmp(v, want, n * size) == 0, "values of %zu, n %zu", size, n);
    free(memory), free(want), free(keys), free(want_keys);
}

static void FN(check_sorts)(enum shape shape)
{
    for (size_t s = 0; s < SIZES; s++) {
        size_t n = sizes[s], bytes = n * sizeof(ELEMENT);
        ELEMENT *x = test_alloc(bytes), *y = test_alloc(bytes), *want = test_alloc(bytes);
        size_t *index = test_alloc(n * sizeof *index), *got = test_alloc(n * sizeof *got);
        FN(fill)(x, n, shape);
        stable_order(x, n, sizeof *x, FN(by_value), NULL, index);
        gather(x, sizeof *x, index, n, want);
        for (int t = 0; t < THREADS; t++) {
            if (t != 2 && (n < 4000 || (shape != RANDOM && shape != SPECIAL)))
                continue;
            crew_set_num_threads(threads[t]);
            memcpy(y, x, bytes);
            ck_assert_int_eq(FN(crew_sort)(y, n), 0);
            ck_assert_msg(memcmp(y, want, bytes) == 0, "sort n %zu shape %d threads %d", n, shape, threads[t]);
            ck_assert(FN(crew_is_sorted)(y, n));
            memset(got, 0xff, n * sizeof *got);
            ck_assert_int_eq(FN(crew_argsort)(x, n, got), 0);
            ck_assert_msg(memcmp(got, index, n * sizeof *got) == 0, "argsort n %zu shape %d", n, shape);
        }
        bool sorted = true;
        for (size_t i = 1; i < n; i++)
            sorted = sorted && FN(by_value)(&x[i - 1], &x[i], NULL) <= 0;
        ck_assert_int_eq(FN(crew_is_sorted)(x, n), sorted);
        if (n < 1000 || s % 5 == 0) {
            static const size_t value_sizes[] = {1, 4, 8, 24};
            for (int v = 0; v < 4; v++)
                FN(check_values)(x, n, index, value_sizes[v], 0);
            FN(check_values)(x, n, index, 4, 1);
            FN(check_values)(x, n, index, 8, 4);
            FN(check_records)(x, n, index, 16, 0);
            FN(check_records)(x, n, index, 16, 16 - sizeof *x);
            FN(check_records)(x, n, index, 16, 5);
            FN(check_records)(x, n, index, 8, 8 - sizeof *x);
            FN(check_records)(x, n, index, sizeof *x + 3, 2);
            FN(check_records)(x, n, index, 40, 16);
        }
        free(x), free(y), free(want), free(index), free(got);
    }
}

static void FN(check_selections)(enum shape shape)
{
    for (size_t s = 0; s < SIZES; s++) {
        size_t n = sizes[s], bytes = n * sizeof(ELEMENT);
        if (n > 9000 && s % 3 != 0 && shape != SPECIAL)
            continue;
        ELEMENT *x = test_alloc(bytes), *y = test_alloc(bytes), *want = test_alloc(bytes);
        size_t *index = test_alloc(n * sizeof *index), *top = test_alloc(n * sizeof *top);
        FN(fill)(x, n, shape);
        crew_set_num_threads(threads[shape % THREADS]);
        stable_order(x, n, sizeof *x, FN(by_value), NULL, index);

        for (size_t k = 0; k < n; k += n / 2 + 1) {
            ELEMENT middle = x[index[k]];
            size_t at = 0;
            for (int class = -1; class <= 1; class ++)
                for (size_t i = 0; i < n; i++)
                    if (FN(by_value)(&x[i], &middle, NULL) == class)
                        want[at++] = x[i];
            memcpy(y, x, bytes);
            ck_assert_int_eq(FN(crew_nth_element)(y, n, k), 0);
            ck_assert_msg(memcmp(y, want, bytes) == 0, "nth n %zu k %zu shape %d", n, k, shape);
        }
        /* The stable order of the last first: groups of equal elements from the back, each in its order. */
        size_t *order = test_alloc(n * sizeof *order), filled = 0;
        for (size_t end = n; end > 0;) {
            size_t begin = end - 1;
            while (begin > 0 && FN(by_value)(&x[index[begin - 1]], &x[index[begin]], NULL) == 0)
                begin--;
            for (size_t i = begin; i < end; i++)
                order[filled++] = index[i];
            end = begin;
        }
        for (size_t k = 0; k <= n; k = k * 11 + 1) {
            gather(x, sizeof *x, order, k, want);
            memset(y, 0, bytes);
            ck_assert_int_eq(FN(crew_top_k)(x, n, k, y, top), 0);
            ck_assert_msg(memcmp(top, order, k * sizeof *top) == 0, "top_k index n %zu k %zu shape %d", n, k, shape);
            ck_assert_msg(memcmp(y, want, k * sizeof *x) == 0, "top_k n %zu k %zu shape %d", n, k, shape);
            ck_assert_int_eq(FN(crew_top_k)(x, n, k, y, NULL), 0);
        }
        for (size_t part = 2; part < 5; part += 2) {
            size_t na = n / part;
            ELEMENT *a = test_alloc(bytes);
            stable_order(x, na, sizeof *x, FN(by_value), NULL, top);
            gather(x, sizeof *x, top, na, a);
            stable_order(x + na, n - na, sizeof *x, FN(by_value), NULL, top);
            gather(x + na, sizeof *x, top, n - na, a + na);
            gather(x, sizeof *x, index, n, want);
            memset(y, 0, bytes);
            ck_assert_int_eq(FN(crew_merge)(a, na, a + na, n - na, y), 0);
            ck_assert_msg(memcmp(y, want, bytes) == 0, "merge n %zu shape %d", n, shape);
            free(a);
        }
        free(order), free(x), free(y), free(want), free(index), free(top);
    }
}

static void FN(check_errors)(void)
{
    ELEMENT x[4] = {3, 1, 2, 0}, out[4];
    size_t index[8];
    ck_assert_int_eq(FN(crew_sort)(NULL, 0), 0);
    ck_assert_int_eq(FN(crew_sort)(NULL, 2), -EINVAL);
    ck_assert(FN(crew_is_sorted)(NULL, 0));
    ck_assert_int_eq(FN(crew_sort_by_key)(x, x + 2, sizeof *x, 2 + 1), -EINVAL);
    ck_assert_int_eq(FN(crew_sort_by_key)(x, out, SIZE_MAX / 2, 4), -EOVERFLOW);
    ck_assert_int_eq(FN(crew_sort_by_key)(x, NULL, 4, 4), -EINVAL);
    ck_assert_int_eq(FN(crew_sort_records)(x, 4, sizeof *x, 1), -EINVAL);
    ck_assert_int_eq(FN(crew_sort_records)(x, 4, 2, 0), -EINVAL);
    ck_assert_int_eq(FN(crew_sort_records)(x, SIZE_MAX / 4, 16, 0), -EOVERFLOW);
    ck_assert_int_eq(FN(crew_argsort)((ELEMENT *)(void *)index, 4, index), -EINVAL);
    ck_assert_int_eq(FN(crew_argsort)(x, 4, NULL), -EINVAL);
    ck_assert_int_eq(FN(crew_merge)(x, 2, x + 2, 2, x + 1), -EINVAL);
    ck_assert_int_eq(FN(crew_merge)(NULL, 0, NULL, 0, NULL), 0);
    ck_assert_int_eq(FN(crew_merge)(NULL, 0, x, 1, out), 0);
    ck_assert_int_eq(FN(crew_nth_element)(x, 4, 4), -EINVAL);
    ck_assert_int_eq(FN(crew_nth_element)(NULL, 0, 0), -EINVAL);
    ck_assert_int_eq(FN(crew_top_k)(x, 4, 5, out, index), -EINVAL);
    ck_assert_int_eq(FN(crew_top_k)(x, 4, 2, x + 1, index), -EINVAL);
    ck_assert_int_eq(FN(crew_top_k)(NULL, 0, 0, NULL, NULL), 0);
    ELEMENT same[4] = {3, 1, 2, 0};
    ck_assert_int_eq(memcmp(x, same, sizeof x), 0);
}

#undef FN
