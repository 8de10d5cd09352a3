/* write_runs_WORD_TYPE, fold_groups_WORD_TYPE, count_dense_WORD_TYPE and group_dense_WORD_TYPE of by_key.c. Parameters,
   undefined at the end: WORD_TYPE, suffix of the names; WORD, a key's bits. */

static int CREW__CAT(write_runs, WORD_TYPE)(struct crew__groups *q, size_t c, size_t begin, size_t end, size_t *g,
                                            bool carried)
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

static int CREW__CAT(fold_groups, WORD_TYPE)(struct crew__groups *q, size_t c, size_t begin, size_t end, size_t *g,
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

/* Keys by their distance from the lowest. */
static size_t CREW__CAT(distances, WORD_TYPE)(const struct counted *t, size_t begin, size_t end, WORD *distances)
{
    const WORD *keys = t->q->keys, low = (WORD)t->low;
    size_t n = end - begin < DISTANCES ? end - begin : DISTANCES;
    for (size_t i = 0; i < n; i++)
        distances[i] = (WORD)(keys[begin + i] - low);
    return n;
}

static void CREW__CAT(in_table, WORD_TYPE)(size_t begin, size_t end, void *ctx, struct crew__table *table, size_t bins)
{
    WORD keys[DISTANCES];
    while (begin < end) {
        size_t n = CREW__CAT(distances, WORD_TYPE)(ctx, begin, end, keys);
        CREW__CAT(crew__count_in_table, WORD_TYPE)(keys, n, table, bins);
        begin += n;
    }
}

static uint64_t CREW__CAT(directly, WORD_TYPE)(size_t begin, size_t end, void *ctx, void *counts, size_t bins)
{
    WORD keys[DISTANCES];
    uint64_t in_range = 0;
    while (begin < end) {
        size_t n = CREW__CAT(distances, WORD_TYPE)(ctx, begin, end, keys);
        in_range += CREW__CAT(crew__count_directly, WORD_TYPE)(keys, n, counts, bins);
        begin += n;
    }
    return in_range;
}

static void CREW__CAT(write_counts, WORD_TYPE)(size_t begin, size_t end, void *ctx)
{
    const struct counted *t = ctx;
    const struct grouping *w = t->q->ctx;
    WORD *out = t->q->keys_out;
    for (size_t part = begin; part < end; part++) {
        size_t g = t->q->base[part], stop = crew__cut_end(&t->parts, part);
        for (size_t k = crew__cut_begin(&t->parts, part); k < stop; k++)
            if (t->counts[k] != 0) {
                if (out)
                    out[g] = (WORD)(t->low + k);
                if (w->counts)
                    w->counts[g] = t->counts[k];
                g++;
            }
    }
}

static int CREW__CAT(count_dense, WORD_TYPE)(struct crew__groups *q, uint64_t low, size_t range)
{
    struct counted t = {.q = q, .low = low, .parts = crew__groups_parts(range)};
    t.counts = crew__scratch_take(range * sizeof *t.counts);
    if (t.counts == NULL)
        return -ENOMEM;
    struct crew__bincount what = {
        q->n, sizeof(WORD), range, 0.8, CREW__CAT(in_table, WORD_TYPE), CREW__CAT(directly, WORD_TYPE),
        &t,   false,        false};
    crew__count_bins(&what, t.counts, range);
    crew__each(t.parts.count, count_occurring, &t, (double)t.parts.size);
    *q->groups = crew__groups_places(q, t.parts.count);
    crew__each(t.parts.count, CREW__CAT(write_counts, WORD_TYPE), &t, (double)t.parts.size);
    crew__scratch_give(t.counts);
    return 0;
}

static int CREW__CAT(group_dense, WORD_TYPE)(struct crew__groups *q, uint64_t low, size_t range)
{
    struct grouping *w = q->ctx;
    size_t *offsets = crew__scratch_take((range + 1) * sizeof *offsets), g = 0;
    WORD *out = q->keys_out;
    if (offsets == NULL)
        return -ENOMEM;
    int error = CREW__CAT(crew__group_by_distance, WORD_TYPE)(q->keys, (WORD)low, q->n, range, offsets, w->indices);
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

#undef WORD_TYPE
#undef WORD
