// Throws and catches for leave_faults.c.
extern "C" void throw_out(void);
extern "C" int catch_from(void (*fn)(void));

void throw_out(void)
{
    throw 1;
}

int catch_from(void (*fn)(void))
{
    try {
        fn();
    } catch (int) {
        return 1;
    }
    return 0;
}
