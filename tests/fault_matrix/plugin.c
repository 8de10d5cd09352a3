/* What the plugins of the matrix do: calls of each kind, on the crew that is in the plugin. */
#include "matrix.h"

int use_plugin(void);
int use_plugin(void)
{
    return all_right();
}
