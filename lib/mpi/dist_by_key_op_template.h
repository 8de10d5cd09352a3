/* reducer_NAME of dist_by_key.c. Parameters, undefined at the end: those of lib/array/by_key/by_key_values_template.h,
   without MEMBER. */

static int CREW__CAT(fold, NAME)(size_t begin, size_t end, const void *rows, void *acc, void *ctx)
{
    const VALUE *values = rows;
    VALUE result = *(VALUE *)acc;
    (void)ctx;
    for (size_t i = 0; i < end - begin; i++) {
        VALUE v = values[i];
        result = COMBINE(result, v);
    }
    *(VALUE *)acc = result;
    return 0;
}

static void CREW__CAT(merge, NAME)(void *acc, const void *right, void *ctx)
{
    VALUE *left = acc, v = *(const VALUE *)right;
    (void)ctx;
    *left = COMBINE(*left, v);
}

static const VALUE CREW__CAT(neutral, NAME) = NEUTRAL;
static const crew_array_reducer CREW__CAT(reducer, NAME) = {sizeof(VALUE), &CREW__CAT(neutral, NAME),
                                                            CREW__CAT(fold, NAME), CREW__CAT(merge, NAME), NULL};

#undef NAME
#undef VALUE
#undef COMBINE
#undef NEUTRAL
