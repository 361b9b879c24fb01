/* Arrays of the kit in memory: every value a double, row after row, the channels of a pixel side by side. */
#ifndef ARRAY_H
#define ARRAY_H

#include <stdbool.h>
#include <stddef.h>

typedef struct {
    int rows, columns, channels;
    bool bytes; /* |u1 in its file: gray levels up to 255, or a mask; else <f8 */
    double *at;
} Array;

Array new_array(int rows, int columns, int channels); /* of zeros; free its `at` */
Array copy_array(Array from);
size_t size_of(Array array); /* how many values */
void write_array(const char *path, Array array);
void fail(const char *format, ...); /* one sentence on stderr, and the end with exit code 1 */

#endif
