/* Selecting among typed keys of BITS bits, which the including file defines. */
#define KEY CREW__CAT(CREW__CAT(uint, BITS), _t)
#define FN(name) CREW__CAT(name, BITS)

static inline KEY FN(rank_)(const void *x, size_t i, const struct crew__key *key)
{
    KEY bits;
    memcpy(&bits, (const char *)x + i * sizeof bits, sizeof bits);
    return FN(crew__rank)(bits, key);
}

/* Counts the digits of those keys whose higher bits are s->prefix. */
static int FN(count_)(size_t begin, size_t end, void *ctx, size_t *failed)
{
    const struct select *s = ctx;
    (void)failed;
    const struct crew__key key = s->type->key;
    const KEY prefix = (KEY)s->prefix, mask = ((KEY)1 << s->bits) - 1;
    for (size_t c = begin; c < end; c++) {
        size_t *count = s->counts + (c << DIGIT);
        memset(count, 0, sizeof *count << DIGIT);
        for (size_t i = c * s->chunk, to = chunk_end(s, c); i < to; i++) {
            KEY r = FN(rank_)(s->x, i, &key);
            KEY above = s->shift + s->bits < BITS ? r >> (s->shift + s->bits) : 0;
            count[r >> s->shift & mask] += above == prefix;
        }
    }
    return 0;
}

/* counts[2 c] keys of chunk c are before the one selected, counts[2 c + 1] equal to it. */
static int FN(classify_)(size_t begin, size_t end, void *ctx, size_t *failed)
{
    const struct select *s = ctx;
    (void)failed;
    const struct crew__key key = s->type->key;
    const KEY t = (KEY)s->rank;
    for (size_t c = begin; c < end; c++) {
        size_t less = 0, equal = 0;
        for (size_t i = c * s->chunk, to = chunk_end(s, c); i < to; i++) {
            KEY r = FN(rank_)(s->x, i, &key);
            less += r < t;
            equal += r == t;
        }
        s->counts[2 * c] = less;
        s->counts[2 * c + 1] = equal;
    }
    return 0;
}

/* Parts the chunks into s->out. counts now say where; what is behind the equal ones has no count of its own. */
static int FN(part_)(size_t begin, size_t end, void *ctx, size_t *failed)
{
    const struct select *s = ctx;
    (void)failed;
    const struct crew__key key = s->type->key;
    const KEY t = (KEY)s->rank;
    for (size_t c = begin; c < end; c++) {
        size_t at[3] = {s->counts[2 * c], s->less + s->counts[2 * c + 1], s->less + s->equal};
        at[2] += c * s->chunk - s->counts[2 * c] - s->counts[2 * c + 1];
        for (size_t i = c * s->chunk, to = chunk_end(s, c); i < to; i++) {
            KEY r = FN(rank_)(s->x, i, &key);
            size_t *place = &at[(r >= t) + (r > t)];
            memcpy(s->out + *place * sizeof(KEY), (const char *)s->x + i * sizeof(KEY), sizeof(KEY));
            ++*place;
        }
    }
    return 0;
}

/* Collects the keys behind the one selected and the first s->ties equal ones: complemented ranks, which a stable sort puts in the
   order asked for, and indices. */
static int FN(collect_)(size_t begin, size_t end, void *ctx, size_t *failed)
{
    const struct select *s = ctx;
    (void)failed;
    const struct crew__key key = s->type->key;
    const KEY t = (KEY)s->rank;
    for (size_t c = begin; c < end; c++) {
        size_t equal = s->counts[2 * c + 1], taken = equal < s->ties ? equal : s->ties;
        size_t at = c * s->chunk - s->counts[2 * c] - equal + taken;
        for (size_t i = c * s->chunk, to = chunk_end(s, c); i < to; i++) {
            KEY r = FN(rank_)(s->x, i, &key);
            if (r < t || (r == t && equal++ >= s->ties))
                continue;
            r = ~r;
            memcpy(s->out + at * sizeof r, &r, sizeof r);
            s->index[at++] = i;
        }
    }
    return 0;
}

#undef KEY
#undef FN
#undef BITS
