/* {chunk,fill_tables,dense}_NAME_WORD_TYPE: what depends on a key's size within by_key_values_template.h. Parameters,
   undefined at the end: WORD_TYPE, suffix of the names; WORD, a key's bits. */

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

static void CREW__CAT3(fill_tables, NAME, WORD_TYPE)(size_t begin, size_t end, void *ctx)
{
    const struct tables *t = ctx;
    const WORD *keys = t->q->keys, low = (WORD)t->low;
    const VALUE *values = ((const struct values *)t->q->ctx)->values;
    for (size_t c = begin; c < end; c++) {
        size_t stop = crew__cut_end(&t->chunks, c);
        VALUE *results = (VALUE *)t->results + c * t->range;
        unsigned char *occurs = t->occurs + c * t->range;
        for (size_t k = 0; k < t->range; k++)
            results[k] = NEUTRAL;
        memset(occurs, 0, t->range);
        for (size_t i = crew__cut_begin(&t->chunks, c); i < stop; i++) {
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
