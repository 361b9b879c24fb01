#include "reader.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* The machine must be little-endian with IEEE floats, as the files are. */
static double read_value(FILE *file, char kind, int width, const char *path) {
    union { uint8_t u1; int32_t i4; float f4; double f8; } value;
    if (fread(&value, width, 1, file) != 1)
        fail("%s ends before its last value", path);
    return kind == 'u' ? value.u1 : kind == 'i' ? value.i4 : width == 4 ? value.f4 : value.f8;
}

/* Ten bytes, then a Python dictionary with sorted keys, then blanks up to the end of the line. */
#define HEADER "%*cNUMPY\x01%*3c{'descr': '%*1[|<]%2[uif148]', 'fortran_order': False, 'shape': (%d, %d, %d"

Array read_array(const char *path) {
    FILE *file = fopen(path, "rb");
    char type[3] = "";
    int rows = 0, columns = 0, channels = 1;
    if (!file || fscanf(file, HEADER, type, &rows, &columns, &channels) < 3 || rows < 1 || columns < 1 ||
        channels < 1 || !type[1] || !strstr("u1 i4 f4 f8", type))
        fail("%s cannot be read as an array of the kit", path);
    while (!feof(file) && fgetc(file) != '\n')
        continue;
    Array array = new_array(rows, columns, channels);
    array.bytes = type[0] == 'u';
    for (size_t k = 0; k < size_of(array); k++)
        array.at[k] = read_value(file, type[0], type[1] - '0', path);
    if (fgetc(file) != EOF)
        fail("%s goes on behind its last value", path);
    fclose(file);
    return array;
}

void read_text(const char *path, char *text, size_t size) {
    FILE *file = fopen(path, "rb");
    if (!file || fread(text, 1, size, file) >= size || ferror(file))
        fail("%s cannot be read, or has more than %zu bytes", path, size - 1);
    fclose(file);
}

static const char *start(const char *p) { return p + strspn(p, " \t\r\n,:"); }

const char *first(const char *list) { return *list ? start(list + 1) : list; }

const char *after(const char *value) {
    const char *p = value;
    for (int depth = 0; depth > 0 || !strchr(" \t\r\n,:]}", *p); p++) {
        if (*p == '"')
            while (*++p && *p != '"')
                p += *p == '\\' && p[1];
        if (!*p)
            fail("case.json ends within a value");
        depth += (*p == '{' || *p == '[') - (*p == '}' || *p == ']');
    }
    return start(p);
}

const char *member(const char *object, const char *key) {
    for (const char *p = first(object); *p == '"'; p = after(after(p)))
        if (is_text(p, key))
            return after(p);
    fail("case.json has no \"%s\" where it is due", key);
    return object;
}

bool is_text(const char *value, const char *text) {
    size_t length = strlen(text);
    return *value == '"' && strncmp(value + 1, text, length) == 0 && value[length + 1] == '"';
}
