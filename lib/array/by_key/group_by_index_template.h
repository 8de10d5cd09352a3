/* crew_group_by_index_{u32,u64} and crew__group_by_distance_{u32,u64}. Parameters, undefined at the end: TYPE, suffix
   of the names; KEY, the type. */

static int CREW__CAT(count, TYPE)(size_t begin, size_t end, void *ctx, size_t *failed)
{
    const struct counting_sort *s = ctx;
    const KEY *keys = s->keys, low = (KEY)s->low;
    for (size_t c = begin; c < end; c++) {
        size_t stop = crew__cut_end(&s->chunks, c), *counts = s->counts + c * s->k;
        for (size_t i = crew__cut_begin(&s->chunks, c); i < stop; i++) {
            KEY key = (KEY)(keys[i] - low);
            if (key >= s->k) {
                *failed = c;
                return -ERANGE;
            }
            counts[key]++;
        }
    }
    return 0;
}

static void CREW__CAT(place, TYPE)(size_t begin, size_t end, void *ctx)
{
    const struct counting_sort *s = ctx;
    const KEY *keys = s->keys, low = (KEY)s->low;
    for (size_t c = begin; c < end; c++) {
        size_t stop = crew__cut_end(&s->chunks, c), *next = s->counts + c * s->k;
        for (size_t i = crew__cut_begin(&s->chunks, c); i < stop; i++)
            s->indices[next[(KEY)(keys[i] - low)]++] = i;
    }
}

int CREW__CAT(crew__group_by_distance, TYPE)(const KEY *keys, KEY low, size_t n, size_t k, size_t *offsets,
                                             size_t *indices)
{
    struct counting_sort s = {.keys = keys, .n = n, .k = k, .low = low, .indices = indices};
    return sort_indices(&s, offsets, CREW__CAT(count, TYPE), CREW__CAT(place, TYPE));
}

int CREW__CAT(crew_group_by_index, TYPE)(const KEY *keys, size_t n, size_t k, size_t *offsets, size_t *indices)
{
    if (offsets == NULL || (n > 0 && (keys == NULL || indices == NULL)))
        return -EINVAL;
    size_t key_bytes, bytes, offset_bytes;
    if (!crew__array_bytes(n, sizeof *keys, &key_bytes) || !crew__array_bytes(n, sizeof *indices, &bytes) ||
        k == SIZE_MAX || !crew__array_bytes(k + 1, sizeof *offsets, &offset_bytes))
        return -EOVERFLOW;
    if (crew__overlap(keys, key_bytes, offsets, offset_bytes) || crew__overlap(keys, key_bytes, indices, bytes) ||
        crew__overlap(offsets, offset_bytes, indices, bytes))
        return -EINVAL;
    return CREW__CAT(crew__group_by_distance, TYPE)(keys, 0, n, k, offsets, indices);
}

#undef TYPE
#undef KEY
