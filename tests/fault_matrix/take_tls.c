/* A library that takes some of the room for thread-local variables of libraries that are loaded late. */
static __thread char bytes[256] __attribute__((tls_model("initial-exec")));

char *address_of_tls(void);
char *address_of_tls(void)
{
    return bytes;
}
