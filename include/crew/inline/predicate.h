/* crew__flags_NAME, a crew_predicate (filter.h) of CREW_TEST, for the templates of this folder. ctx is a
   crew__call_NAME. */
struct CREW__CAT(crew__call, CREW_NAME) {
    const CREW_TYPE *x;
    CREW__CONTEXT_MEMBER
};

static int CREW__CAT(crew__flags, CREW_NAME)(size_t begin, size_t end, unsigned char *flags, void *call_)
{
    const struct CREW__CAT(crew__call, CREW_NAME) *call = (const struct CREW__CAT(crew__call, CREW_NAME) *)call_;
    const CREW_TYPE *x = call->x + begin;
    CREW__CONTEXT_OF(call)
    for (size_t i = 0; i < end - begin; i++)
        flags[i] = CREW_TEST((&x[i])) ? 1 : 0;
    return 0;
}
