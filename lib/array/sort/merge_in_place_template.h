/* crew_merge_in_place_TYPE, for each_type_template.h. */
int CREW__CAT(crew_merge_in_place, TYPE)(ELEMENT *x, size_t middle, size_t n)
{
    bool both = x != NULL && middle > 0 && middle < n;
    return merge_typed(&crew__sort_types[ID], (char *)x, middle, n,
                       both && CREW__CAT(crew_is_sorted, TYPE)(x + middle - 1, 2));
}
