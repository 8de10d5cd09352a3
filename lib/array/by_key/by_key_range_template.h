/* count_heads_WORD_TYPE of by_key_groups.c. Parameters, undefined at the end: WORD_TYPE,
   suffix of the names; WORD, a key's bits. */

/* Groups that begin in each chunk; a chunk is left where keys descend. */
static void CREW__CAT(count_heads, WORD_TYPE)(size_t begin, size_t end, void *ctx)
{
    struct keys_order *s = ctx;
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
        /* Few at first: keys that are not sorted mostly descend soon. */
        for (size_t next, many = 16; p < stop && !descends; p = next, many = 256) {
            next = stop - p < many ? stop : p + many;
            for (size_t i = p; i < next; i++) {
                heads += keys[i] != keys[i - 1];
                descends |= (WORD)(keys[i] ^ flip) < (WORD)(keys[i - 1] ^ flip);
            }
        }
        q->base[c] = heads;
        s->ascends[c] = !descends;
    }
}

#undef WORD_TYPE
#undef WORD
