/* One operation on one type of value and one width of key. Parameters, undefined at the end:

   NAME            suffix of the names
   WORD            a key's bits
   VALUE, MEMBER   the type of values, and its member of struct values
   COMBINE(a, b)   a followed by b
   NEUTRAL         COMBINE(NEUTRAL, b) has the bits of b, and COMBINE(a, NEUTRAL) those of a */

#define RUNS(ITEM)                                                                                                     \
    for (size_t p = begin;;) {                                                                                         \
        const WORD key = keys[p];                                                                                      \
        VALUE acc = values[ITEM];                                                                                      \
        for (p++; p < end && keys[p] == key; p++) {                                                                    \
            VALUE v = values[ITEM];                                                                                    \
            acc = COMBINE(acc, v);                                                                                     \
        }                                                                                                              \
        if (CREW__UNLIKELY(carried)) {                                                                                 \
            w->partial.MEMBER[c] = acc;                                                                                \
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

static int CREW__CAT(chunk, NAME)(struct crew__groups *q, size_t c, size_t begin, size_t end, size_t *g, bool carried)
{
    struct values *w = q->ctx;
    const WORD *keys = q->ordered, flip = (WORD)q->flip;
    const VALUE *values = w->values;
    VALUE *results = w->results;
    WORD *out = q->keys_out;
    size_t group = *g;
    if (q->few)
        RUNS(q->few[p])
    else if (q->many)
        RUNS(q->many[p])
    else
        RUNS(p)
    *g = group;
    return 0;
}

#undef RUNS

static int CREW__CAT(fill_tables, NAME)(size_t begin, size_t end, void *ctx, size_t *failed)
{
    const struct tables *t = ctx;
    const WORD *keys = t->q->keys, low = (WORD)t->low;
    const VALUE *values = ((const struct values *)t->q->ctx)->values;
    (void)failed;
    for (size_t c = begin; c < end; c++) {
        size_t i = c * t->size, stop = t->q->n - i < t->size ? t->q->n : i + t->size;
        VALUE *results = (VALUE *)t->results + c * t->range;
        unsigned char *occurs = t->occurs + c * t->range;
        for (size_t k = 0; k < t->range; k++)
            results[k] = NEUTRAL;
        memset(occurs, 0, t->range);
        for (; i < stop; i++) {
            size_t k = (WORD)(keys[i] - low);
            VALUE v = values[i];
            results[k] = COMBINE(results[k], v);
            occurs[k] = 1;
        }
    }
    return 0;
}

static int CREW__CAT(merge_tables, NAME)(size_t begin, size_t end, void *ctx, size_t *failed)
{
    const struct tables *t = ctx;
    (void)failed;
    for (size_t part = begin; part < end; part++) {
        size_t from = part * t->parts.size, heads = 0,
               count = t->range - from < t->parts.size ? t->range - from : t->parts.size;
        VALUE *results = (VALUE *)t->results + from;
        unsigned char *occurs = t->occurs + from;
        for (size_t c = 1; c < t->chunks; c++) {
            const VALUE *more = results + c * t->range;
            const unsigned char *more_occurs = occurs + c * t->range;
            for (size_t k = 0; k < count; k++) {
                results[k] = COMBINE(results[k], more[k]);
                occurs[k] |= more_occurs[k];
            }
        }
        for (size_t k = 0; k < count; k++)
            heads += occurs[k];
        t->q->base[part] = heads;
    }
    return 0;
}

static int CREW__CAT(write_tables, NAME)(size_t begin, size_t end, void *ctx, size_t *failed)
{
    const struct tables *t = ctx;
    const VALUE *from = t->results;
    VALUE *results = ((struct values *)t->q->ctx)->results;
    WORD *out = t->q->keys_out;
    (void)failed;
    for (size_t part = begin; part < end; part++) {
        size_t g = t->q->base[part], k = part * t->parts.size,
               stop = t->range - k < t->parts.size ? t->range : k + t->parts.size;
        for (; k < stop; k++)
            if (t->occurs[k]) {
                if (results)
                    results[g] = from[k];
                if (out)
                    out[g] = (WORD)(t->low + k);
                g++;
            }
    }
    return 0;
}

static int CREW__CAT(dense, NAME)(struct crew__groups *q, uint64_t low, size_t range)
{
    return reduce_in_tables(q, low, range, CREW__CAT(fill_tables, NAME), CREW__CAT(merge_tables, NAME),
                            CREW__CAT(write_tables, NAME));
}

#undef NAME
#undef WORD
#undef COMBINE
#undef NEUTRAL
