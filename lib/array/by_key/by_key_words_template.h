/* {chunk,fill_densely,fill_tables,dense}_NAME_WORD_TYPE: what depends on a key's size within by_key_values_template.h.
   Parameters, undefined at the end: WORD_TYPE, suffix of the names; WORD, a key's bits. */

#define RUNS(ITEM)                                                                                                     \
    for (size_t p = begin;;) {                                                                                         \
        const WORD key = keys[p];                                                                                      \
        VALUE acc = values[ITEM];                                                                                      \
        for (p++; p < end && keys[p] == key; p++) {                                                                    \
            VALUE v = values[ITEM];                                                                                    \
            acc = COMBINE(acc, v);                                                                                     \
        }                                                                                                              \
        if (CREW__UNLIKELY(carried)) {                                                                                 \
            w->partial[c].MEMBER = acc;                                                                                \
            carried = false;                                                                                           \
        } else {                                                                                                       \
            if (results)                                                                                               \
                results[group] = acc;                                                                                  \
            if (out)                                                                                                   \
                out[group] = key;                                                                                      \
        }                                                                                                              \
        if (p == end)                                                                                                  \
            break;                                                                                                     \
        if (CREW__UNLIKELY((WORD)(keys[p] ^ flip) < (WORD)(key ^ flip)))                                               \
            return CREW__NOT_SORTED;                                                                                   \
        group++;                                                                                                       \
    }

static int CREW__CAT3(chunk, NAME, WORD_TYPE)(struct crew__groups *q, size_t c, size_t begin, size_t end, size_t *g,
                                              bool carried)
{
    struct values *w = q->ctx;
    const WORD *keys = q->ordered, flip = (WORD)q->flip;
    const VALUE *values = w->values;
    VALUE *results = w->results;
    WORD *out = q->keys_out;
    size_t group = *g;
    const uint32_t *items_u32 = q->items_u32;
    const uint64_t *items_u64 = q->items_u64;
    if (items_u32)
        RUNS(items_u32[p])
    else if (items_u64)
        RUNS(items_u64[p])
    else
        RUNS(p)
    *g = group;
    return 0;
}

#undef RUNS

#define ADD(i)                                                                                                         \
    {                                                                                                                  \
        const size_t k = (WORD)(keys[i] - low);                                                                        \
        const VALUE v = values[i];                                                                                     \
        results[k] = COMBINE(results[k], v);                                                                           \
    }

/* Each key has many items, so mostly all keys occur, and no result is what it was before: which keys occur need not be
   kept for each item, that is one store less of two. Where a result is as before, the keys are read once more. */
static CREW__NOINLINE void CREW__CAT3(fill_densely, NAME, WORD_TYPE)(const struct tables *t, size_t begin, size_t end,
                                                                     VALUE *results, unsigned char *occurs)
{
    const WORD *keys = t->q->keys, low = (WORD)t->low;
    const VALUE *values = ((const struct values *)t->q->ctx)->values, neutral = NEUTRAL;
    size_t i = begin, same = 0;
    for (; end - i >= 4; i += 4) {
        ADD(i)
        ADD(i + 1)
        ADD(i + 2)
        ADD(i + 3)
    }
    for (; i < end; i++)
        ADD(i)
    uint64_t before, now; /* values would not do: NaN differs from itself */
    memcpy(&before, &neutral, sizeof before);
    for (size_t k = 0; k < t->range; k++) {
        memcpy(&now, &results[k], sizeof now);
        same += now == before;
    }
    memset(occurs, same == 0, t->range);
    for (i = begin; same > 0 && i < end; i++)
        occurs[(WORD)(keys[i] - low)] = 1;
}

#undef ADD

static void CREW__CAT3(fill_tables, NAME, WORD_TYPE)(size_t begin, size_t end, void *ctx)
{
    const struct tables *t = ctx;
    const WORD *keys = t->q->keys, low = (WORD)t->low;
    const VALUE *values = ((const struct values *)t->q->ctx)->values;
    for (size_t c = begin; c < end; c++) {
        size_t stop = crew__cut_end(&t->chunks, c);
        VALUE *results = (VALUE *)t->results + c * t->range;
        unsigned char *occurs = t->occurs + c * t->range;
        size_t filled = 0;
        for (; t->range - filled >= 4; filled += 4)
            results[filled] = results[filled + 1] = results[filled + 2] = results[filled + 3] = NEUTRAL;
        for (; filled < t->range; filled++)
            results[filled] = NEUTRAL;
        size_t i = crew__cut_begin(&t->chunks, c);
        if (stop - i >= t->range * MANY) {
            CREW__CAT3(fill_densely, NAME, WORD_TYPE)(t, i, stop, results, occurs);
            continue;
        }
        memset(occurs, 0, t->range);
        for (; i < stop; i++) {
            size_t k = (WORD)(keys[i] - low);
            VALUE v = values[i];
            results[k] = COMBINE(results[k], v);
            occurs[k] = 1;
        }
    }
}

static int CREW__CAT3(dense, NAME, WORD_TYPE)(struct crew__groups *q, uint64_t low, size_t range)
{
    return reduce_in_tables(q, low, range, CREW__CAT3(fill_tables, NAME, WORD_TYPE), CREW__CAT(merge_tables, NAME));
}

#undef WORD_TYPE
#undef WORD
