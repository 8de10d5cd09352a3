/* write_tables_WORD_TYPE of by_key_values.c: what is in the first table becomes the output. Parameters, undefined at
   the end: WORD_TYPE, suffix of the names; WORD, a key's bits. */

static void CREW__CAT(write_tables, WORD_TYPE)(size_t begin, size_t end, void *ctx)
{
    const struct tables *t = ctx;
    const char *from = t->results;
    char *results = ((struct values *)t->q->ctx)->results;
    const struct crew__pack_kernels *kernels = crew__pack_kernels();
    WORD keys[WRITTEN], *out = t->q->keys_out;
    const WORD low = (WORD)t->low;
    for (size_t part = begin; part < end; part++) {
        size_t g = t->q->base[part], stop = crew__cut_end(&t->parts, part);
        for (size_t k = crew__cut_begin(&t->parts, part), next; k < stop; k = next) {
            next = stop - k < WRITTEN ? stop : k + WRITTEN;
            const unsigned char *occurs = t->occurs + k;
            const size_t n = next - k, kept = kernels->count(occurs, n);
            if (results)
                crew__pack(kernels, VALUE_SIZE, from + k * VALUE_SIZE, occurs, n, results + g * VALUE_SIZE, kept, 0);
            g += kept;
            if (!out)
                continue;
            for (size_t j = 0; j < WRITTEN; j++) /* so many that gcc makes vectors of them at -O2 too */
                keys[j] = (WORD)(low + k + j);
            crew__pack(kernels, sizeof *out, keys, occurs, n, out + (g - kept), kept, 0);
        }
    }
}

#undef WORD_TYPE
#undef WORD
