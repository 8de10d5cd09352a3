/* The public typed scans of crew/scan.h: crew_scan_{inclusive,exclusive}_{sum,product,min,max}_{f32..u64}. */
#include "scan_typed.h"
#include "../../core/base/fp_environment.h"
#include "../typed/types.h"
#include <crew/scan.h>
#include <math.h>

#define TEMPLATE "../scan/scan_typed_template.h"
#include "../typed/each_type_template.h"
