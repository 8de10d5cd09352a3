/* Ends one type of each_bin_key_template.h. */
#undef TYPE
#undef KEY
#undef SIGNED
#undef UNSIGNED
#undef BINS
