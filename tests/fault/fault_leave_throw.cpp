// What fault_leave and fault_leave_array leave callbacks with, where there is a C++ compiler.
#include <stdexcept>

extern "C" void leave_by_throw(void)
{
    throw std::runtime_error("thrown by a callback");
}

extern "C" int leave_catch(void (*fn)(void))
{
    try {
        fn();
    } catch (const std::exception &) {
        return 1;
    }
    return 0;
}
