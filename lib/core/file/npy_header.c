/* Reads and writes the header of a .npy file: a Python dictionary with three keys, and nothing else is accepted. */
#include "npy_header.h"
#include "../base/memory.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>

static const struct {
    const char *name;   /* crew's */
    const char *code;   /* as NumPy writes it after the byte order */
    const char *letter; /* of the other ways that NumPy reads: one letter, or its own name */
    const char *numpy;
    size_t size;
} types[CREW_TYPES] = {
    [CREW_F32] = {"f32", "f4", "f", "float32", 4}, [CREW_F64] = {"f64", "f8", "d", "float64", 8},
    [CREW_I32] = {"i32", "i4", "i", "int32", 4},   [CREW_I64] = {"i64", "i8", "q", "int64", 8},
    [CREW_U32] = {"u32", "u4", "I", "uint32", 4},  [CREW_U64] = {"u64", "u8", "Q", "uint64", 8},
    [CREW_I8] = {"i8", "i1", "b", "int8", 1},      [CREW_U8] = {"u8", "u1", "B", "uint8", 1},
    [CREW_I16] = {"i16", "i2", "h", "int16", 2},   [CREW_U16] = {"u16", "u2", "H", "uint16", 2},
    [CREW_BOOL] = {"bool", "b1", "?", "bool", 1},
};

static bool is_type(crew_type type)
{
    return (unsigned)type < CREW_TYPES;
}

size_t crew_type_size(crew_type type)
{
    return is_type(type) ? types[type].size : 0;
}

const char *crew_type_name(crew_type type)
{
    return is_type(type) ? types[type].name : "?";
}

static bool is_little(void)
{
    const unsigned one = 1;
    return *(const unsigned char *)&one == 1;
}

int crew__npy_prefix(const unsigned char *bytes, size_t have, struct crew__npy_prefix *prefix, const char **why)
{
    static const unsigned char magic[6] = {0x93, 'N', 'U', 'M', 'P', 'Y'};
    *why = "is no .npy file";
    if (have < 10 || memcmp(bytes, magic, sizeof magic) != 0)
        return -EBADMSG;
    prefix->version = bytes[6];
    *why = "has a version of .npy other than 1.0, 2.0 and 3.0";
    if (prefix->version < 1 || prefix->version > 3 || bytes[7] != 0)
        return -ENOTSUP;
    prefix->begin = prefix->version == 1 ? 10 : 12;
    *why = "ends inside its header";
    if (have < prefix->begin)
        return -EBADMSG;
    prefix->length = (size_t)bytes[8] | (size_t)bytes[9] << 8;
    if (prefix->version > 1)
        prefix->length |= (size_t)bytes[10] << 16 | (size_t)bytes[11] << 24;
    *why = "has a header of more than 65535 bytes";
    return prefix->length > CREW__NPY_MOST ? -ENOTSUP : 0;
}

/* What is left of the text, and the first complaint. */
struct reader {
    const char *at, *end;
    char *why;
    size_t why_size;
    int error;
};

static int complain(struct reader *r, int error, const char *what, const char *text, size_t length)
{
    if (r->error)
        return r->error;
    char shown[33];
    size_t n = 0;
    for (; n < length && n < sizeof shown - 1; n++)
        shown[n] = (char)(text[n] < ' ' || text[n] > '~' ? '.' : text[n]);
    shown[n] = '\0';
    if (r->why_size > 0)
        snprintf(r->why, r->why_size, what, shown);
    r->error = error;
    return error;
}

static int complain_here(struct reader *r, const char *what)
{
    return complain(r, -EBADMSG, what, r->at, (size_t)(r->end - r->at));
}

static void skip_space(struct reader *r)
{
    while (r->at < r->end && (*r->at == ' ' || *r->at == '\t' || *r->at == '\n' || *r->at == '\r' || *r->at == '\f'))
        r->at++;
}

static bool take(struct reader *r, char c)
{
    skip_space(r);
    if (r->at == r->end || *r->at != c)
        return false;
    r->at++;
    return true;
}

static bool take_word(struct reader *r, const char *word)
{
    skip_space(r);
    size_t n = strlen(word);
    if ((size_t)(r->end - r->at) < n || memcmp(r->at, word, n) != 0)
        return false;
    r->at += n;
    return true;
}

/* 'text' or "text", Python 2's u'text' too, without escapes. */
static int take_string(struct reader *r, const char **text, size_t *length)
{
    skip_space(r);
    if (r->end - r->at >= 2 && *r->at == 'u')
        r->at++;
    if (r->at == r->end || (*r->at != '\'' && *r->at != '"'))
        return complain_here(r, "has a header without a string at %s");
    const char quote = *r->at++, *from = r->at;
    while (r->at < r->end && *r->at != quote && *r->at != '\\' && *r->at != '\n')
        r->at++;
    if (r->at == r->end || *r->at != quote)
        return complain(r, -EBADMSG, "has a header with a string that does not end: %s", from, (size_t)(r->at - from));
    *text = from;
    *length = (size_t)(r->at++ - from);
    return 0;
}

static int take_digits(struct reader *r, size_t *value)
{
    skip_space(r);
    const char *from = r->at;
    size_t n = 0;
    for (; r->at < r->end && *r->at >= '0' && *r->at <= '9'; r->at++) {
        size_t digit = (size_t)(*r->at - '0'), tens;
        if (!crew__mul(n, 10, &tens) || tens > SIZE_MAX - digit)
            return complain(r, -EOVERFLOW, "has a shape that is too large: %s", from, (size_t)(r->end - from));
        n = tens + digit;
    }
    if (r->at == from)
        return complain_here(r, "has a shape without a number at %s");
    if (r->at < r->end && *r->at == 'L') /* Python 2's long */
        r->at++;
    *value = n;
    return 0;
}

/* 3, 3L, np.int64(3), numpy.uint8(3). */
static int take_size(struct reader *r, size_t *value)
{
    if (!take_word(r, "np.") && !take_word(r, "numpy."))
        return take_digits(r, value);
    const char *from = r->at;
    if (r->at < r->end && *r->at == 'u')
        r->at++;
    if (!take_word(r, "int") && !take_word(r, "long"))
        return complain(r, -EBADMSG, "has a shape with numpy.%s", from, (size_t)(r->end - from));
    while (r->at < r->end && ((*r->at >= '0' && *r->at <= '9') || (*r->at >= 'a' && *r->at <= 'z')))
        r->at++;
    if (!take(r, '('))
        return complain_here(r, "has a shape without ( at %s");
    int error = take_digits(r, value);
    return error || take(r, ')') ? error : complain_here(r, "has a shape without ) at %s");
}

static int take_shape(struct reader *r, crew_array_info *info)
{
    info->ndim = 0;
    if (!take(r, '(')) {
        info->ndim = 1;
        return take_size(r, &info->shape[0]);
    }
    while (!take(r, ')')) {
        if (info->ndim == CREW_ARRAY_DIMS)
            return complain(r, -ENOTSUP, "has more than 64 axes%s", "", 0);
        int error = take_size(r, &info->shape[info->ndim]);
        if (error)
            return error;
        info->ndim++;
        if (!take(r, ',')) /* (3) is the number 3, which is one axis all the same */
            return take(r, ')') ? 0 : complain_here(r, "has a shape without a comma at %s");
    }
    return 0;
}

static bool equals(const char *text, size_t length, const char *word)
{
    return strlen(word) == length && memcmp(text, word, length) == 0;
}

static int take_type(struct reader *r, crew_array_info *info, bool *swapped)
{
    const char *text = "";
    size_t length = 0;
    if (take(r, '['))
        return complain(r, -ENOTSUP, "holds records, which crew does not have%s", "", 0);
    int error = take_string(r, &text, &length);
    if (error)
        return error;
    char order = length > 0 ? *text : '\0';
    size_t skip = order == '<' || order == '>' || order == '|' || order == '=';
    for (int t = 0; t < CREW_TYPES; t++) {
        if (!equals(text + skip, length - skip, types[t].code) &&
            !equals(text + skip, length - skip, types[t].letter) && !equals(text, length, types[t].numpy))
            continue;
        info->type = (crew_type)t;
        *swapped = types[t].size > 1 && (order == '<' || order == '>') && (order == '<') != is_little();
        return 0;
    }
    return complain(r, -ENOTSUP, "has descr '%s', which is no type that crew has", text, length);
}

static int take_entry(struct reader *r, crew_array_info *info, bool *swapped, unsigned *seen)
{
    const char *key = "";
    size_t length = 0;
    int error = take_string(r, &key, &length);
    if (error)
        return error;
    if (!take(r, ':'))
        return complain_here(r, "has a header without : at %s");
    if (equals(key, length, "descr")) {
        *seen |= 1;
        return take_type(r, info, swapped);
    }
    if (equals(key, length, "fortran_order")) {
        *seen |= 2;
        info->fortran = take_word(r, "True");
        return info->fortran || take_word(r, "False") ? 0 : complain_here(r, "has a fortran_order of %s");
    }
    if (equals(key, length, "shape")) {
        *seen |= 4;
        return take_shape(r, info);
    }
    return complain(r, -EBADMSG, "has a header with the key %s", key, length);
}

bool crew__array_count(crew_array_info *info)
{
    size_t product = 1, row = 1;
    bool empty = false, empty_row = false;
    const size_t n = info->ndim, outer = info->fortran ? n - 1 : 0;
    for (size_t i = 0; i < n; i++) {
        empty = empty || info->shape[i] == 0;
        if (info->shape[i] != 0 && !crew__mul(product, info->shape[i], &product))
            return false;
        if (i == outer)
            continue;
        empty_row = empty_row || info->shape[i] == 0;
        row *= info->shape[i] != 0 ? info->shape[i] : 1; /* divides product */
    }
    size_t bytes, size = crew_type_size(info->type);
    if (!crew__mul(product, size, &bytes) || bytes > SIZE_MAX / 4)
        return false;
    info->items = empty ? 0 : product;
    info->rows = n > 0 ? info->shape[outer] : 1;
    info->row_items = empty_row ? 0 : row;
    info->row_size = info->row_items * size;
    return true;
}

int crew__npy_parse(const char *text, size_t length, crew_array_info *info, bool *swapped, char *why, size_t why_size)
{
    struct reader r = {text, text + length, why, why_size, 0};
    unsigned seen = 0;
    *info = (crew_array_info){.type = CREW_F64};
    *swapped = false;
    if (!take(&r, '{'))
        return complain_here(&r, "has a header that is no dictionary: %s");
    while (!take(&r, '}')) {
        int error = take_entry(&r, info, swapped, &seen);
        if (error)
            return error;
        if (take(&r, ','))
            continue;
        if (!take(&r, '}'))
            return complain_here(&r, "has a header without a comma at %s");
        break;
    }
    while (r.at < r.end && *r.at == '\0') /* some writers pad with zero bytes */
        r.at++;
    skip_space(&r);
    if (r.at != r.end)
        return complain_here(&r, "has a header with more behind it: %s");
    if (seen != 7)
        return complain(&r, -EBADMSG, "has a header without one of descr, fortran_order and shape%s", "", 0);
    return crew__array_count(info) ? 0 : complain(&r, -EOVERFLOW, "has a shape that is too large%s", "", 0);
}

size_t crew__npy_format(const crew_array_info *info, size_t total, char bytes[CREW__NPY_MOST + CREW__NPY_PREFIX])
{
    enum { TEXT = 10, DIGITS = 20 };
    char *text = bytes + TEXT;
    const char order = types[info->type].size == 1 ? '|' : is_little() ? '<' : '>';
    int n = snprintf(text, CREW__NPY_WRITTEN, "{'descr': '%c%s', 'fortran_order': False, 'shape': (", order,
                     types[info->type].code);
    size_t at = (size_t)n;
    for (size_t i = 0; i < info->ndim; i++)
        at += (size_t)snprintf(text + at, CREW__NPY_WRITTEN - at, i == 0 ? "%zu," : " %zu,", info->shape[i]);
    at -= info->ndim > 1; /* (3,) but (3, 4) */
    at += (size_t)snprintf(text + at, CREW__NPY_WRITTEN - at, "), }");
    /* With fewer digits now there is room for as many as a number can have. */
    size_t first = info->ndim > 0 ? (size_t)snprintf(NULL, 0, "%zu", info->shape[0]) : DIGITS;
    size_t whole = total ? total : (TEXT + at + DIGITS - first + 1 + 63) / 64 * 64;
    if (whole < TEXT + at + 1 || whole > CREW__NPY_MOST + TEXT)
        return 0;
    memset(text + at, ' ', whole - TEXT - at - 1);
    bytes[whole - 1] = '\n';
    memcpy(bytes, "\x93NUMPY\x01\x00", 8); /* NOLINT(bugprone-not-null-terminated-result): no string */
    bytes[8] = (char)(unsigned char)((whole - TEXT) & 0xff);
    bytes[9] = (char)(unsigned char)((whole - TEXT) >> 8);
    return whole;
}
