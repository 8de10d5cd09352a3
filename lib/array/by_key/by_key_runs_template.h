/* Groups themselves, for one width of key. Parameters, undefined at the end: WIDTH, suffix of the names; WORD, a key's
 * bits. */

static int CREW__CAT(mark, WIDTH)(struct crew__groups *q, size_t c, size_t begin, size_t end, size_t *g, bool carried)
{
    struct grouping *w = q->ctx;
    const WORD *keys = q->ordered, flip = (WORD)q->flip;
    WORD *out = q->keys_out;
    size_t group = *g;
    for (size_t p = begin;;) {
        const size_t from = p;
        const WORD key = keys[p];
        for (p++; p < end && keys[p] == key; p++)
            ;
        if (CREW__UNLIKELY(carried)) {
            w->partial[c] = p - from;
            carried = false;
        } else {
            if (out)
                out[group] = key;
            if (w->counts)
                w->counts[group] = p - from;
            if (w->offsets)
                w->offsets[group] = from;
        }
        if (p == end)
            break;
        if (CREW__UNLIKELY((WORD)(keys[p] ^ flip) < (WORD)(key ^ flip)))
            return CREW__NOT_SORTED;
        group++;
    }
    if (w->indices)
        for (size_t p = begin; p < end; p++)
            w->indices[p] = crew__item_at(q, p);
    *g = group;
    return 0;
}

static int CREW__CAT(fold_groups, WIDTH)(struct crew__groups *q, size_t c, size_t begin, size_t end, size_t *g,
                                         bool carried)
{
    const WORD *keys = q->ordered;
    WORD *out = q->keys_out;
    size_t group = *g;
    for (size_t p = begin, next; p < end; p = next, group++, carried = false) {
        const WORD key = keys[p];
        for (next = p + 1; next < end && keys[next] == key; next++)
            ;
        if (!carried && out)
            out[group] = key;
        int code = fold_group(q, c, group, p, next, !carried);
        if (code)
            return code;
    }
    return 0;
}

/* Keys by their distance from the lowest, counted as crew_bincount_u32 does. */
static size_t CREW__CAT(distances, WIDTH)(const struct counted *t, size_t begin, size_t end, uint32_t *distances)
{
    const WORD *keys = t->q->keys, low = (WORD)t->low;
    size_t n = end - begin < TALLY ? end - begin : TALLY;
    for (size_t i = 0; i < n; i++)
        distances[i] = (uint32_t)(WORD)(keys[begin + i] - low);
    return n;
}

static void CREW__CAT(tally, WIDTH)(size_t begin, size_t end, void *ctx, struct crew__table *table, size_t bins)
{
    const struct counted *t = ctx;
    uint32_t keys[TALLY];
    while (begin < end) {
        size_t n = CREW__CAT(distances, WIDTH)(t, begin, end, keys);
        crew__count_in_table_u32(keys, n, table, bins);
        begin += n;
    }
}

static uint64_t CREW__CAT(direct, WIDTH)(size_t begin, size_t end, void *ctx, uint64_t *counts, size_t bins)
{
    const struct counted *t = ctx;
    uint32_t keys[TALLY];
    uint64_t in_range = 0;
    while (begin < end) {
        size_t n = CREW__CAT(distances, WIDTH)(t, begin, end, keys);
        in_range += crew__count_directly_u32(keys, n, counts, bins);
        begin += n;
    }
    return in_range;
}

static int CREW__CAT(count_occurring, WIDTH)(size_t begin, size_t end, void *ctx, size_t *failed)
{
    const struct counted *t = ctx;
    (void)failed;
    for (size_t part = begin; part < end; part++) {
        size_t k = part * t->parts.size, heads = 0, stop = t->range - k < t->parts.size ? t->range : k + t->parts.size;
        for (; k < stop; k++)
            heads += t->counts[k] != 0;
        t->q->base[part] = heads;
    }
    return 0;
}

static int CREW__CAT(write_occurring, WIDTH)(size_t begin, size_t end, void *ctx, size_t *failed)
{
    const struct counted *t = ctx;
    const struct grouping *w = t->q->ctx;
    WORD *out = t->q->keys_out;
    (void)failed;
    for (size_t part = begin; part < end; part++) {
        size_t g = t->q->base[part], k = part * t->parts.size,
               stop = t->range - k < t->parts.size ? t->range : k + t->parts.size;
        for (; k < stop; k++)
            if (t->counts[k] != 0) {
                if (out)
                    out[g] = (WORD)(t->low + k);
                if (w->counts)
                    w->counts[g] = t->counts[k];
                g++;
            }
    }
    return 0;
}

static int CREW__CAT(count_dense, WIDTH)(struct crew__groups *q, uint64_t low, size_t range)
{
    struct counted t = {.q = q, .low = low, .range = range, .parts = crew__parts_of(range)};
    t.counts = crew__scratch_take(range * sizeof *t.counts);
    if (t.counts == NULL)
        return -ENOMEM;
    struct crew__bincount what = {q->n, sizeof(WORD), range, 0.8, CREW__CAT(tally, WIDTH), CREW__CAT(direct, WIDTH),
                                  &t};
    crew__count_bins(&what, t.counts, range);
    run_parts(t.parts, CREW__CAT(count_occurring, WIDTH), &t);
    *q->groups = crew__groups_places(q, t.parts.count);
    run_parts(t.parts, CREW__CAT(write_occurring, WIDTH), &t);
    crew__scratch_give(t.counts);
    return 0;
}

static int CREW__CAT(group_dense, WIDTH)(struct crew__groups *q, uint64_t low, size_t range)
{
    struct grouping *w = q->ctx;
    size_t *offsets = crew__scratch_take((range + 1) * sizeof *offsets), g = 0;
    WORD *out = q->keys_out;
    if (offsets == NULL)
        return -ENOMEM;
    int error = crew__group_by_word(q->keys, crew__groups_wide(q), low, q->n, range, offsets, w->indices);
    for (size_t k = 0; k < range && !error; k++)
        if (offsets[k] < offsets[k + 1]) {
            if (out)
                out[g] = (WORD)(low + k);
            if (w->offsets)
                w->offsets[g] = offsets[k];
            g++;
        }
    if (!error)
        *q->groups = g;
    crew__scratch_give(offsets);
    return error;
}

#undef WIDTH
#undef WORD
