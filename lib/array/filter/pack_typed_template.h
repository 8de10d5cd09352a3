/* crew_pack_TYPE, for each_type_template.h. */
size_t CREW__CAT(crew_pack, TYPE)(const ELEMENT *in, ELEMENT *out, size_t n, const unsigned char *flags)
{
    return pack_typed(in, out, sizeof *in, n, flags);
}
