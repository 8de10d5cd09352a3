/* Undefines the parameters of the templates of this folder. */
#undef CREW_NAME
#undef CREW_TYPE
#undef CREW_RESULT
#undef CREW_CONTEXT
#undef CREW_LESS
#undef CREW_TEST
#undef CREW_MAP
#undef CREW_EQUAL
#undef CREW_FOLD
#undef CREW_MERGE
#undef CREW__CONTEXT_TAKEN
#undef CREW__CONTEXT_MEMBER
#undef CREW__CONTEXT_OF
#undef CREW__CONTEXT_SET
