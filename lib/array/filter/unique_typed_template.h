/* crew_unique_TYPE, for each_type_template.h. */
size_t CREW__CAT(crew_unique, TYPE)(const ELEMENT *in, ELEMENT *out, size_t n)
{
    return unique_typed(in, out, sizeof *in, n, ID);
}
