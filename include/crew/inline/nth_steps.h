/* crew__nth_steps_INSTANCE: what one thread does of a round of nth_element. crew/inline/nth.h and the callback form of
   crew/sort.h include it. The including file defines, and this one undefines,

   CREW__INSTANCE        suffix of the names
   CREW__SIZE            bytes of an element; may read o, a struct crew__order
   CREW__COMPARE(x, y)   below 0 where the element at x is ordered before that at y, above 0 where after; may read o */
#define CREW__STEP(name) CREW__CAT(crew__##name, CREW__INSTANCE)

static void CREW__STEP(classify)(const char *x, size_t n, const char *pivot, unsigned char *classes, size_t *count,
                                 const struct crew__order *o)
{
    const size_t size = CREW__SIZE;
    size_t before = 0, after = 0;
    (void)o;
    for (size_t i = 0; i < n; i++) {
        const int order = CREW__COMPARE(x + i * size, pivot);
        classes[i] = (unsigned char)((order >= 0) + (order > 0));
        before += order < 0;
        after += order > 0;
    }
    count[0] = before;
    count[1] = n - before - after;
    count[2] = after;
}

static void CREW__STEP(part)(const char *x, size_t n, const unsigned char *classes, char *out, size_t *at,
                             const struct crew__order *o)
{
    const size_t size = CREW__SIZE;
    (void)o;
    for (size_t i = 0; i < n; i++)
        memcpy(out + at[classes[i]]++ * size, x + i * size, size);
}

static const struct crew__nth_steps CREW__STEP(nth_steps) = {CREW__STEP(classify), CREW__STEP(part)};

#undef CREW__STEP
#undef CREW__INSTANCE
#undef CREW__SIZE
#undef CREW__COMPARE
