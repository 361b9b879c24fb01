#include "array.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void fail(const char *format, ...) {
    va_list values;
    va_start(values, format);
    fputs("port: ", stderr);
    vfprintf(stderr, format, values);
    fputc('\n', stderr);
    va_end(values);
    exit(1);
}

size_t size_of(Array array) { return (size_t)array.rows * array.columns * array.channels; }

Array new_array(int rows, int columns, int channels) {
    Array array = {rows, columns, channels, false, NULL};
    array.at = calloc(size_of(array), sizeof *array.at);
    if (!array.at)
        fail("there is no memory for an array of %d x %d x %d", rows, columns, channels);
    return array;
}

Array copy_array(Array from) {
    Array copy = new_array(from.rows, from.columns, from.channels);
    memcpy(copy.at, from.at, size_of(from) * sizeof *from.at);
    return copy;
}

/* Version 1.0 of .npy. The header is filled up with blanks, so that the values start at byte 128. */
static void write_header(FILE *file, Array array) {
    char third[16] = "", header[118];
    if (array.channels > 1)
        snprintf(third, sizeof third, ", %d", array.channels);
    snprintf(header, sizeof header, "{'descr': '%s', 'fortran_order': False, 'shape': (%d, %d%s), }",
             array.bytes ? "|u1" : "<f8", array.rows, array.columns, third);
    fprintf(file, "%cNUMPY%c%c%c%c%-117s\n", 0x93, 1, 0, 118, 0, header);
}

void write_array(const char *path, Array array) {
    FILE *file = fopen(path, "wb");
    if (!file)
        fail("%s cannot be opened for writing", path);
    write_header(file, array);
    for (size_t k = 0; k < size_of(array); k++)
        if (array.bytes)
            fputc((int)array.at[k], file);
        else
            fwrite(&array.at[k], sizeof *array.at, 1, file);
    bool failed = ferror(file);
    if (fclose(file) || failed)
        fail("%s cannot be written", path);
}
