/* crew_set_OPERATION_TYPE's steps, for set_typed_operation_template.h: those of set_steps.h, but for a loop that takes
   an element of each of four stretches in turn (set_chains.h). */
#define CHAINS CREW__CAT3(chains, OPERATION, TYPE)
#define CHAINED_PART CREW__CAT3(chained_part, OPERATION, TYPE)

#define CHAIN_BEGIN(c)                                                                                                 \
    const ELEMENT *a##c = (const ELEMENT *)(const void *)chains[c].a;                                                  \
    const ELEMENT *b##c = (const ELEMENT *)(const void *)chains[c].b;                                                  \
    ELEMENT *out##c = (ELEMENT *)(void *)chains[c].out;

#define CHAIN_STEP(c)                                                                                                  \
    {                                                                                                                  \
        const ELEMENT x = *a##c, y = *b##c;                                                                            \
        const size_t from_a = x <= y, from_b = y <= x;                                                                 \
        *out##c = WHICH == CREW_SET_INTERSECTION || WHICH == CREW_SET_DIFFERENCE ? x : y < x ? y : x;                  \
        out##c += crew__set_keeps(WHICH, from_a, from_b);                                                              \
        a##c += from_a;                                                                                                \
        b##c += from_b;                                                                                                \
    }

#define CHAIN_END(c)                                                                                                   \
    chains[c].a = (const char *)a##c;                                                                                  \
    chains[c].b = (const char *)b##c;                                                                                  \
    chains[c].out = (char *)out##c;

static size_t CHAINS(struct crew__set_chain *chains, size_t steps)
{
    CHAIN_BEGIN(0) CHAIN_BEGIN(1) CHAIN_BEGIN(2) CHAIN_BEGIN(3) size_t turns = 0, last = 0;
    for (size_t s = 0; s < steps; s++) {
        const ELEMENT *before = a0;
        CHAIN_STEP(0)
        CHAIN_STEP(1)
        CHAIN_STEP(2)
        CHAIN_STEP(3)
        turns += last ^ (size_t)(a0 != before);
        last = (size_t)(a0 != before);
    }
    CHAIN_END(0) CHAIN_END(1) CHAIN_END(2) CHAIN_END(3) return turns;
}

static size_t CHAINED_PART(const char *a, size_t na, const char *b, size_t nb, char *out, size_t most,
                           const struct crew__order *o)
{
    static const struct crew__set_chained with = {&CREW__CAT3(crew__set_steps, OPERATION, TYPE), CHAINS};
    return crew__set_chained_part(&with, a, na, b, nb, out, most, o);
}

static const struct crew__set_steps CREW__CAT3(steps, OPERATION, TYPE) = {CREW__CAT3(crew__set_split, OPERATION, TYPE),
                                                                          CHAINED_PART};

#undef CHAINS
#undef CHAINED_PART
#undef CHAIN_BEGIN
#undef CHAIN_STEP
#undef CHAIN_END
