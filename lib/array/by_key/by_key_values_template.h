/* crew__group_NAME of by_key_values.c. Parameters, undefined at the end:

   NAME            suffix of the names
   VALUE, MEMBER   the type of values, and its member of a partial result
   COMBINE(a, b)   a followed by b
   NEUTRAL         COMBINE(NEUTRAL, b) has the bits of b, and COMBINE(a, NEUTRAL) those of a */

static void CREW__CAT(merge_group, NAME)(const struct crew__groups *q, size_t c, size_t g)
{
    struct values *w = q->ctx;
    VALUE *left = w->results, right = w->partial[c].MEMBER;
    if (left)
        left[g] = COMBINE(left[g], right);
}

static void CREW__CAT(merge_tables, NAME)(size_t begin, size_t end, void *ctx)
{
    const struct tables *t = ctx;
    for (size_t part = begin; part < end; part++) {
        size_t from = crew__cut_begin(&t->parts, part), count = crew__cut_end(&t->parts, part) - from;
        VALUE *results = (VALUE *)t->results + from;
        unsigned char *occurs = t->occurs + from;
        for (size_t c = 1; c < t->chunks.count; c++) {
            const VALUE *more = results + c * t->range;
            const unsigned char *more_occurs = occurs + c * t->range;
            for (size_t k = 0; k < count; k++) {
                results[k] = COMBINE(results[k], more[k]);
                occurs[k] |= more_occurs[k];
            }
        }
        t->q->base[part] = crew__pack_kernels()->count(occurs, count);
    }
}

#define WORD_TYPE u32
#define WORD uint32_t
#include "by_key_words_template.h"

#define WORD_TYPE u64
#define WORD uint64_t
#include "by_key_words_template.h"

const struct crew__group_op CREW__CAT(crew__group, NAME) = {
    .chunk = {CREW__CAT3(chunk, NAME, u32), CREW__CAT3(chunk, NAME, u64)},
    .merge = CREW__CAT(merge_group, NAME),
    .dense = {CREW__CAT3(dense, NAME, u32), CREW__CAT3(dense, NAME, u64)},
};

#undef NAME
#undef VALUE
#undef MEMBER
#undef COMBINE
#undef NEUTRAL
