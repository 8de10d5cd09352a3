/* count_heads_WORD_TYPE and find_ranges_WORD_TYPE of by_key_groups.c. Parameters, undefined at the end: WORD_TYPE,
   suffix of the names; WORD, a key's bits. */

/* Groups that begin in each chunk; a chunk is left where keys descend. */
static void CREW__CAT(count_heads, WORD_TYPE)(size_t begin, size_t end, void *ctx)
{
    struct key_ranges *s = ctx;
    struct crew__groups *q = s->q;
    const WORD *keys = q->ordered, flip = (WORD)q->flip;
    for (size_t c = begin; c < end; c++) {
        size_t p = crew__cut_begin(&q->chunks, c), stop = crew__cut_end(&q->chunks, c), heads = 0;
        bool descends = false;
        q->carried[c] = p > 0 && keys[p] == keys[p - 1];
        if (p == 0) {
            heads = 1;
            p = 1;
        }
        for (size_t next; p < stop && !descends; p = next) {
            next = stop - p < 256 ? stop : p + 256;
            for (size_t i = p; i < next; i++) {
                heads += keys[i] != keys[i - 1];
                descends |= (WORD)(keys[i] ^ flip) < (WORD)(keys[i - 1] ^ flip);
            }
        }
        q->base[c] = heads;
        s->ascends[c] = !descends;
    }
}

static void CREW__CAT(find_ranges, WORD_TYPE)(size_t begin, size_t end, void *ctx)
{
    struct key_ranges *s = ctx;
    const WORD *keys = s->q->keys, flip = (WORD)s->q->flip;
    for (size_t c = begin; c < end; c++) {
        size_t stop = crew__cut_end(&s->q->chunks, c);
        WORD low = (WORD)-1, high = 0;
        for (size_t i = crew__cut_begin(&s->q->chunks, c); i < stop; i++) {
            WORD key = keys[i] ^ flip;
            low = key < low ? key : low;
            high = key > high ? key : high;
        }
        s->low[c] = low;
        s->high[c] = high;
    }
}

#undef WORD_TYPE
#undef WORD
