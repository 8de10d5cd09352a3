/* .npy files to and from NumPy itself. */
#define _XOPEN_SOURCE 700
#include "../support/own_folder.h"
#include "../support/suite.h"
#include <crew/array.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Item k of the array, counted in C order, is k % 100, or k % 2 of bools. */
static const char numpy_writes[] = "import numpy as np\n"
                                   "shapes = [(), (0,), (1,), (7,), (3, 4), (4, 0, 2), (2, 3, 5), (1000, 17)]\n"
                                   "for t in 'f4 f8 i1 i2 i4 i8 u1 u2 u4 u8 b1'.split():\n"
                                   "  for s in shapes:\n"
                                   "    k = np.arange(int(np.prod(s)))\n"
                                   "    a = (k % (2 if t == 'b1' else 100)).astype(t).reshape(s)\n"
                                   "    for order in 'CF':\n"
                                   "      for byte in '<>':\n"
                                   "        for version in (1, 2, 3):\n"
                                   "          b = np.array(a.astype(byte + t), order=order)\n"
                                   "          name = '%s-%s-%s-%s-%d.npy' % (t, 'x'.join(map(str, s)), order, 'le' if "
                                   "byte == '<' else 'be', version)\n"
                                   "          with open(name, 'wb') as f:\n"
                                   "            np.lib.format.write_array(f, b, version=(version, 0))\n";

static const char numpy_reads[] =
    "import numpy as np, glob, sys\n"
    "n = 0\n"
    "for f in glob.glob('crew-*.npy'):\n"
    "  a = np.load(f)\n"
    "  _, t, s = f[:-4].split('-')\n"
    "  t = {'f32': 'f4', 'f64': 'f8', 'bool': '?'}.get(t, t[0] + str(int(t[1:] or 8) // 8) if t != 'bool' else '?')\n"
    "  s = tuple(int(x) for x in s.split('x') if x)\n"
    "  k = np.arange(int(np.prod(s))) % (2 if t == '?' else 100)\n"
    "  assert a.dtype == np.dtype(t), f\n"
    "  assert a.shape == s and (a == k.astype(t).reshape(s)).all(), f\n"
    "  n += 1\n"
    "assert n == 44, n\n";

static bool have_numpy(void)
{
    if (system("/usr/bin/python3 -c 'import numpy' 2>/dev/null") == 0)
        return true;
    fprintf(stderr, "SKIP array_numpy numpy: /usr/bin/python3 has no numpy\n");
    return false;
}

static int run_python(const char *program)
{
    FILE *f = fopen("program.py", "w");
    ck_assert_ptr_nonnull(f);
    fputs(program, f);
    fclose(f);
    return system("/usr/bin/python3 program.py");
}

/* Where the item that lies at place p is in C order. */
static size_t c_place(const crew_array_info *info, size_t p)
{
    if (!info->fortran)
        return p;
    size_t at = 0, stride = info->items;
    for (size_t i = 0; i < info->ndim; i++) {
        stride /= info->shape[i];
        at += p % info->shape[i] * stride;
        p /= info->shape[i];
    }
    return at;
}

static double item_at(const crew_array_info *info, size_t p)
{
    const void *x = info->data;
    switch (info->type) {
    case CREW_F32:
        return (double)((const float *)x)[p];
    case CREW_F64:
        return ((const double *)x)[p];
    case CREW_I32:
        return ((const int32_t *)x)[p];
    case CREW_I64:
        return (double)((const int64_t *)x)[p];
    case CREW_U32:
        return ((const uint32_t *)x)[p];
    case CREW_U64:
        return (double)((const uint64_t *)x)[p];
    case CREW_I8:
        return ((const int8_t *)x)[p];
    case CREW_U8:
        return ((const uint8_t *)x)[p];
    case CREW_I16:
        return ((const int16_t *)x)[p];
    case CREW_U16:
        return ((const uint16_t *)x)[p];
    default:
        return ((const unsigned char *)x)[p];
    }
}

START_TEST(reads_what_numpy_writes)
{
    if (!have_numpy())
        return;
    ck_assert_int_eq(run_python(numpy_writes), 0);
    DIR *here = opendir(".");
    ck_assert_ptr_nonnull(here);
    int files = 0;
    for (const struct dirent *entry; (entry = readdir(here)) != NULL;) {
        if (!strstr(entry->d_name, ".npy"))
            continue;
        crew_array_info info;
        void *x = crew_load(entry->d_name, &info);
        ck_assert_msg(x != NULL, "%s", crew_array_why());
        int modulus = info.type == CREW_BOOL ? 2 : 100;
        for (size_t p = 0; p < info.items; p++)
            ck_assert_msg(item_at(&info, p) == (double)(c_place(&info, p) % (size_t)modulus), "%s %zu", entry->d_name,
                          p);
        free(x);
        files++;
    }
    closedir(here);
    ck_assert_int_eq(files, 11 * 8 * 2 * 2 * 3);
}
END_TEST

static void put_item(void *x, crew_type type, size_t p, unsigned value)
{
    if (type == CREW_F32)
        ((float *)x)[p] = (float)value;
    else if (type == CREW_F64)
        ((double *)x)[p] = (double)value;
    else if (crew_type_size(type) == 8)
        ((uint64_t *)x)[p] = value;
    else if (crew_type_size(type) == 4)
        ((uint32_t *)x)[p] = value;
    else if (crew_type_size(type) == 2)
        ((uint16_t *)x)[p] = (uint16_t)value;
    else
        ((uint8_t *)x)[p] = (uint8_t)value;
}

START_TEST(numpy_reads_what_crew_writes)
{
    if (!have_numpy())
        return;
    const size_t shapes[][3] = {{0, 0, 0}, {7, 0, 0}, {13, 4, 0}, {2, 3, 5}}, dims[] = {1, 1, 2, 3};
    const char *names[] = {"0", "7", "13x4", "2x3x5"};
    for (int t = 0; t < CREW_TYPES; t++)
        for (size_t s = 0; s < 4; s++) {
            crew_type type = (crew_type)t;
            _Alignas(8) unsigned char items[60 * 8];
            for (size_t p = 0; p < 60; p++)
                put_item(items, type, p, (unsigned)(p % (type == CREW_BOOL ? 2 : 100)));
            char name[64];
            snprintf(name, sizeof name, "crew-%s-%s.npy", crew_type_name(type), names[s]);
            if (s != 2) {
                ck_assert_int_eq(crew_save(name, type, shapes[s], dims[s], items), 0);
                continue;
            }
            crew_array *a = crew_array_create(name, type, (size_t[]){0, 4}, 2);
            ck_assert_ptr_nonnull(a);
            size_t row = crew_array_get_info(a)->row_size;
            for (size_t i = 0; i < 13; i++)
                ck_assert_int_eq(crew_array_append(a, items + i * row, 1), 0);
            ck_assert_int_eq(crew_array_close(a), 0);
        }
    ck_assert_int_eq(run_python(numpy_reads), 0);
}
END_TEST

START_TEST(appends_to_what_numpy_writes)
{
    if (!have_numpy())
        return;
    ck_assert_int_eq(run_python("import numpy as np\nnp.save('a.npy', np.arange(9.0).reshape(3, 3))\n"), 0);
    crew_array *a = crew_array_open("a.npy", CREW_ARRAY_APPEND);
    ck_assert_ptr_nonnull(a);
    const double more[2][3] = {{9, 10, 11}, {12, 13, 14}};
    ck_assert_int_eq(crew_array_append(a, more, 2), 0);
    ck_assert_int_eq(crew_array_close(a), 0);
    ck_assert_int_eq(
        run_python("import numpy as np\nassert (np.load('a.npy') == np.arange(15.0).reshape(5, 3)).all()\n"), 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("array_numpy");
    TCase *tc = parallel_case(suite, "numpy");
    tcase_add_checked_fixture(tc, make_folder, remove_folder);
    tcase_add_test(tc, reads_what_numpy_writes);
    tcase_add_test(tc, numpy_reads_what_crew_writes);
    tcase_add_test(tc, appends_to_what_numpy_writes);
    return run_suite(suite);
}
