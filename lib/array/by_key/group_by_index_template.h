/* Grouping of one type of key. Parameters, undefined at the end: TYPE, suffix of the names; KEY, the type. */

static int CREW__CAT(count, TYPE)(size_t begin, size_t end, void *ctx, size_t *failed)
{
    const struct grouping *w = ctx;
    const KEY *keys = w->keys, low = (KEY)w->low;
    for (size_t c = begin; c < end; c++) {
        size_t first = c * w->size, stop = w->n - first < w->size ? w->n : first + w->size,
               *counts = w->counts + c * w->k;
        for (size_t i = first; i < stop; i++) {
            KEY key = (KEY)(keys[i] - low);
            if (key >= w->k) {
                *failed = c;
                return -ERANGE;
            }
            counts[key]++;
        }
    }
    return 0;
}

static int CREW__CAT(place, TYPE)(size_t begin, size_t end, void *ctx, size_t *failed)
{
    const struct grouping *w = ctx;
    const KEY *keys = w->keys, low = (KEY)w->low;
    (void)failed;
    for (size_t c = begin; c < end; c++) {
        size_t first = c * w->size, stop = w->n - first < w->size ? w->n : first + w->size,
               *next = w->counts + c * w->k;
        for (size_t i = first; i < stop; i++)
            w->indices[next[(KEY)(keys[i] - low)]++] = i;
    }
    return 0;
}

int CREW__CAT(crew_group_by_index, TYPE)(const KEY *keys, size_t n, size_t k, size_t *offsets, size_t *indices)
{
    struct grouping w = {.keys = keys, .n = n, .k = k, .indices = indices};
    if (offsets == NULL || (n > 0 && (keys == NULL || indices == NULL)))
        return -EINVAL;
    size_t key_bytes, bytes, offset_bytes;
    if (!crew__mul(n, sizeof *keys, &key_bytes) || !crew__mul(n, sizeof *indices, &bytes) || k == SIZE_MAX ||
        !crew__mul(k + 1, sizeof *offsets, &offset_bytes))
        return -EOVERFLOW;
    if (crew__overlap(keys, key_bytes, offsets, offset_bytes) || crew__overlap(keys, key_bytes, indices, bytes) ||
        crew__overlap(offsets, offset_bytes, indices, bytes))
        return -EINVAL;
    return group(&w, offsets, CREW__CAT(count, TYPE), CREW__CAT(place, TYPE));
}

#undef TYPE
#undef KEY
