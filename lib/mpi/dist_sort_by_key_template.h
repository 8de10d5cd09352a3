/* crew_sort_by_key_dist_TYPE and crew_argsort_dist_TYPE, for each_type_template.h. */

int CREW__CAT(crew_sort_by_key_dist, TYPE)(crew_dist *keys, crew_dist *values)
{
    const struct keys k = {.type = ID};
    return keys && keys->size == sizeof(ELEMENT) ? sort_by_key(keys, values, &k) : -EINVAL;
}

int CREW__CAT(crew_argsort_dist, TYPE)(const crew_dist *x, crew_dist *index)
{
    const struct keys k = {.type = ID};
    return x && x->size == sizeof(ELEMENT) ? argsort(x, index, &k) : -EINVAL;
}
