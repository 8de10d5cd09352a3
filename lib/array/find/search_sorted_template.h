/* crew_search_sorted_TYPE, for each_type_template.h. */

/* Whether an element comes before the place of query v. NaN is last: x < v and x <= v are false for it, as they
   should be, unless v is NaN too. */
#if FLOATING
#define BEFORE(x, v) (right ? (x) <= (v) || (v) != (v) : (x) < (v) || ((v) != (v) && (x) == (x)))
#else
#define BEFORE(x, v) (right ? (x) <= (v) : (x) < (v))
#endif

/* Searches `count` queries, at most TOGETHER, with `right` and `count` known to the compiler where that matters. */
static inline void CREW__CAT(search_few, TYPE)(const ELEMENT *x, size_t n, const ELEMENT *v, size_t count, int right,
                                               size_t *index)
{
    size_t at[TOGETHER] = {0};
    size_t left = n;
    /* The length of what is left is the same for all, so one loop does them in lockstep. The product instead of a
       branch: what comes next in memory is asked for before the comparison is known to be right in none of them. */
    while (left > 1) {
        size_t half = left / 2;
        for (size_t k = 0; k < count; k++)
            at[k] += half & -(size_t)(BEFORE(x[at[k] + half - 1], v[k]));
        left -= half;
    }
    for (size_t k = 0; k < count; k++)
        index[k] = n == 0 ? 0 : at[k] + (size_t)(BEFORE(x[at[k]], v[k]));
}

static void CREW__CAT(search_queries, TYPE)(size_t begin, size_t end, void *ctx)
{
    const struct search *s = ctx;
    const ELEMENT *query = s->query;
    for (; end - begin >= TOGETHER; begin += TOGETHER)
        if (s->right)
            CREW__CAT(search_few, TYPE)(s->x, s->n, query + begin, TOGETHER, 1, s->index + begin);
        else
            CREW__CAT(search_few, TYPE)(s->x, s->n, query + begin, TOGETHER, 0, s->index + begin);
    if (begin < end)
        CREW__CAT(search_few, TYPE)(s->x, s->n, query + begin, end - begin, s->right, s->index + begin);
}

void CREW__CAT(crew_search_sorted, TYPE)(const ELEMENT *x, size_t n, const ELEMENT *query, size_t m, crew_side side,
                                         size_t *index)
{
    struct search s = {.x = x, .n = n, .query = query, .right = side == CREW_RIGHT, .index = index};
    search_all(&s, sizeof *x, m, CREW__CAT(search_queries, TYPE));
}

#undef BEFORE
