/* Ends one type of each_type_template.h. */
#undef TYPE
#undef ID
#undef ELEMENT
#undef BITS
#undef WORD
#undef FLOATING
#undef LEAST
#undef MOST
