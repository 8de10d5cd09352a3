/* search_sorted of one type. Parameters, undefined at the end:

   TYPE       suffix of the names
   ELEMENT    element type
   FLOATING   1: the type has NaN */

#define CAT_(a, b) a##_##b
#define CAT(a, b) CAT_(a, b)

/* Whether an element comes before the place of query v. NaN is last: x < v and x <= v are false for it, as they
   should be, unless v is NaN too. */
#if FLOATING
#define BEFORE(x, v) (right ? (x) <= (v) || (v) != (v) : (x) < (v) || ((v) != (v) && (x) == (x)))
#else
#define BEFORE(x, v) (right ? (x) <= (v) : (x) < (v))
#endif

/* Searches `count` queries, at most TOGETHER, with `right` and `count` known to the compiler where that matters. */
static inline void CAT(search_few, TYPE)(const ELEMENT *x, size_t n, const ELEMENT *v, size_t count, int right,
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

static int CAT(search_block, TYPE)(size_t begin, size_t end, void *ctx, size_t *failed)
{
    const struct search *s = ctx;
    const ELEMENT *query = s->query;
    (void)failed;
    for (; end - begin >= TOGETHER; begin += TOGETHER)
        if (s->right)
            CAT(search_few, TYPE)(s->x, s->n, query + begin, TOGETHER, 1, s->index + begin);
        else
            CAT(search_few, TYPE)(s->x, s->n, query + begin, TOGETHER, 0, s->index + begin);
    if (begin < end)
        CAT(search_few, TYPE)(s->x, s->n, query + begin, end - begin, s->right, s->index + begin);
    return 0;
}

void CAT(crew_search_sorted, TYPE)(const ELEMENT *x, size_t n, const ELEMENT *query, size_t m, crew_side side,
                                   size_t *index)
{
    struct search s = {.x = x, .n = n, .query = query, .right = side == CREW_RIGHT, .index = index};
    run_search(&s, sizeof *x, m, CAT(search_block, TYPE));
}

#undef CAT_
#undef CAT
#undef BEFORE
#undef TYPE
#undef ELEMENT
#undef FLOATING
