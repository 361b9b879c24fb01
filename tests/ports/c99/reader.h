/* The reader: arrays out of .npy files, and places in the text of case.json.
 *
 * A place points to the first character of a value. Nothing is copied and no tree is built. */
#ifndef READER_H
#define READER_H

#include "array.h"

Array read_array(const char *path);
void read_text(const char *path, char *text, size_t size); /* into `size` zeros, the last of which stays */
const char *first(const char *list);                     /* its first value; of an object, its first key */
const char *after(const char *value);                    /* the next value, or the bracket that closes the list */
const char *member(const char *object, const char *key); /* the value of a key that must be there */
bool is_text(const char *value, const char *text);

#endif
