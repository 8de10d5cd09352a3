/* The typed functions of sort.h: crew_sort_{f32..u64} and so on. */
#include "../typed/types.h"
#include "merge.h"
#include "nth_top_k_typed.h"
#include "sort_keys.h"
#include <crew/sort.h>

#define TEMPLATE "../sort/sort_typed_template.h"
#include "../typed/each_type_template.h"
