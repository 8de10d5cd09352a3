/* One operation within by_key_value_template.h. Parameters, undefined at the end: FOLD, its name; COMBINE(a, b), a followed by b. */

static int CREW__CAT3(run, FOLD, VALUE_TYPE)(const struct crew__groups *q, size_t c, size_t g, size_t begin, size_t end,
                                             bool first)
{
    struct values *w = q->ctx;
    const VALUE *values = w->values;
    VALUE acc = values[crew__item_at(&q->order, begin)];
    for (size_t p = begin + 1; p < end; p++) {
        VALUE v = values[crew__item_at(&q->order, p)];
        acc = COMBINE(acc, v);
    }
    if (!first)
        w->partial.VALUE_TYPE[c] = acc;
    else if (w->results)
        ((VALUE *)w->results)[g] = acc;
    return 0;
}

static void CREW__CAT3(merge, FOLD, VALUE_TYPE)(const struct crew__groups *q, size_t c, size_t g)
{
    struct values *w = q->ctx;
    VALUE *left = w->results, right = w->partial.VALUE_TYPE[c];
    if (left)
        left[g] = COMBINE(left[g], right);
}

#undef FOLD
#undef COMBINE
