/* Looks at the keys of by_key_groups.c. Parameters, undefined at the end: WIDTH, suffix of the names; WORD, a key's
 * bits. */

/* Groups that begin in each chunk; a chunk is left where keys fall. */
static int CREW__CAT(count_heads, WIDTH)(size_t begin, size_t end, void *ctx, size_t *failed)
{
    struct survey *s = ctx;
    struct crew__groups *q = s->q;
    const WORD *keys = q->ordered, flip = (WORD)q->flip;
    (void)failed;
    for (size_t c = begin; c < end; c++) {
        size_t p = c * q->size, stop = chunk_end(q, c), heads = 0;
        bool falls = false;
        q->carried[c] = p > 0 && keys[p] == keys[p - 1];
        if (p == 0) {
            heads = 1;
            p = 1;
        }
        for (size_t next; p < stop && !falls; p = next) {
            next = stop - p < 256 ? stop : p + 256;
            for (size_t i = p; i < next; i++) {
                heads += keys[i] != keys[i - 1];
                falls |= (WORD)(keys[i] ^ flip) < (WORD)(keys[i - 1] ^ flip);
            }
        }
        q->base[c] = heads;
        s->ascends[c] = !falls;
    }
    return 0;
}

static int CREW__CAT(find_range, WIDTH)(size_t begin, size_t end, void *ctx, size_t *failed)
{
    struct survey *s = ctx;
    const WORD *keys = s->q->keys, flip = (WORD)s->q->flip;
    (void)failed;
    for (size_t c = begin; c < end; c++) {
        size_t stop = chunk_end(s->q, c);
        WORD low = (WORD)-1, high = 0;
        for (size_t i = c * s->q->size; i < stop; i++) {
            WORD key = keys[i] ^ flip;
            low = key < low ? key : low;
            high = key > high ? key : high;
        }
        s->low[c] = low;
        s->high[c] = high;
    }
    return 0;
}

#undef WIDTH
#undef WORD
