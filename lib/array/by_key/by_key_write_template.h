/* write_tables_WORD_TYPE of by_key_values.c: what is in the first table becomes the output. Parameters, undefined at
   the end: WORD_TYPE, suffix of the names; WORD, a key's bits. */

static void CREW__CAT(write_tables, WORD_TYPE)(size_t begin, size_t end, void *ctx)
{
    const struct tables *t = ctx;
    const char *from = t->results;
    char *results = ((struct values *)t->q->ctx)->results;
    WORD *out = t->q->keys_out;
    for (size_t part = begin; part < end; part++) {
        size_t g = t->q->base[part], stop = crew__cut_end(&t->parts, part);
        for (size_t k = crew__cut_begin(&t->parts, part); k < stop; k++)
            if (t->occurs[k]) {
                if (results)
                    memcpy(results + g * VALUE_SIZE, from + k * VALUE_SIZE, VALUE_SIZE);
                if (out)
                    out[g] = (WORD)(t->low + k);
                g++;
            }
    }
}

#undef WORD_TYPE
#undef WORD
