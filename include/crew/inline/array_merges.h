/* crew_array_sum_NAME, crew_array_min_NAME and crew_array_max_NAME of crew/reducers.h, for elements of type CREW_TYPE.
   The including file defines CREW_TYPE and CREW_NAME; both are undefined at the end. May be included any number of
   times. */
#define CREW__PASTE(a, b) a##b
#define CREW__NAMED(prefix, name) CREW__PASTE(prefix, name)

static inline void CREW__NAMED(crew_array_sum_, CREW_NAME)(CREW_TYPE *left, const CREW_TYPE *right, size_t n)
{
    for (size_t k = 0; k < n; k++)
        left[k] = (CREW_TYPE)(left[k] + right[k]);
}

static inline void CREW__NAMED(crew_array_min_, CREW_NAME)(CREW_TYPE *left, const CREW_TYPE *right, size_t n)
{
    for (size_t k = 0; k < n; k++)
        CREW__LOWER(CREW_TYPE, left[k], right[k]);
}

static inline void CREW__NAMED(crew_array_max_, CREW_NAME)(CREW_TYPE *left, const CREW_TYPE *right, size_t n)
{
    for (size_t k = 0; k < n; k++)
        CREW__HIGHER(CREW_TYPE, left[k], right[k]);
}

#undef CREW__PASTE
#undef CREW__NAMED
#undef CREW_TYPE
#undef CREW_NAME
