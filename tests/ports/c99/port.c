/* A port of the fusion for the conformance kit:  port CASE_FOLDER OUTPUTS_FOLDER
 *
 * It computes the outputs of a case one after the other, and passes over those whose step it does not know or whose
 * sources it has not got. */
#include "array.h"
#include "reader.h"
#include "steps.h"

#include <stdio.h>
#include <stdlib.h>

enum { LONGEST_TEXT = 1 << 20, LONGEST_NAME = 64, MOST_ARRAYS = 256, MOST_SOURCES = 3 };

/* The arrays that are known so far: inputs of the case, and outputs that were computed. */
typedef struct {
    char name[MOST_ARRAYS][LONGEST_NAME];
    Array array[MOST_ARRAYS];
    int count;
} Known;

static void keep(Known *known, const char *name, Array array) {
    if (known->count == MOST_ARRAYS)
        fail("the case has more than %d arrays", MOST_ARRAYS);
    sscanf(name, "\"%63[^\"]", known->name[known->count]);
    known->array[known->count++] = array;
}

static const Array *find(const Known *known, const char *name) {
    for (int k = 0; k < known->count; k++)
        if (is_text(name, known->name[k]))
            return &known->array[k];
    return NULL;
}

/* Collect what a step takes, and return how many; 0 if one is not known, or they are more than any step here takes. */
static int collect(const Known *known, const char *names, Array *sources) {
    int count = 0;
    for (const char *name = first(names); *name == '"'; name = after(name)) {
        const Array *source = find(known, name);
        if (!source || count == MOST_SOURCES)
            return 0;
        sources[count++] = *source;
    }
    return count;
}

/* Gray levels of 8 bits become value / 255; doubles stay as they are. */
static Array as_double(Array image) {
    Array fractions = copy_array(image);
    for (size_t k = 0; image.bytes && k < size_of(image); k++)
        fractions.at[k] = image.at[k] / 255;
    return fractions;
}

static double number(const char *parameters, const char *key) { return strtod(member(parameters, key), NULL); }

/* The step of that name, of the sources as they are, x, or as images; no values if it is not known here. */
static Array compute(const char *step, const Array *x, const Array *image, const char *p) {
    if (is_text(step, "gray"))
        return gray(image[0]);
    if (is_text(step, "pyramid"))
        return pyramid(image[0]);
    if (is_text(step, "focus_map"))
        return focus_map(x[0], number(p, "rows"), number(p, "columns"));
    if (is_text(step, "mixed_pooling"))
        return mixed_pooling(x[0], number(p, "pool_window"), number(p, "pool_p"), is_text(member(p, "pool_side"), "b"));
    if (is_text(step, "segmentation"))
        return segmentation(x[0], number(p, "focus_threshold"));
    if (is_text(step, "consistency"))
        return consistency(x[0], number(p, "small_region_area"));
    if (is_text(step, "guide"))
        return guide(image[0], image[1], x[2]);
    if (is_text(step, "guided_filter"))
        return guided_filter(image[0], x[1], number(p, "guide_radius"), number(p, "guide_eps"));
    if (is_text(step, "fusion"))
        return fusion(image[0], image[1], x[2]);
    if (is_text(step, "uint8"))
        return uint8(x[0]);
    return (Array){0};
}

static void read_input(Known *known, const char *row, const char *folder) {
    char file[LONGEST_NAME] = "", path[FILENAME_MAX];
    sscanf(member(row, "file"), "\"%63[^\"]", file);
    snprintf(path, sizeof path, "%s/%s", folder, file);
    keep(known, member(row, "name"), read_array(path));
}

static void write_output(Known *known, const char *row, const char *parameters, const char *folder) {
    Array sources[MOST_SOURCES] = {{0}}, images[MOST_SOURCES] = {{0}};
    int count = collect(known, member(row, "from"), sources);
    if (!count)
        return;
    for (int k = 0; k < count; k++)
        images[k] = as_double(sources[k]);
    Array array = compute(member(row, "step"), sources, images, parameters);
    for (int k = 0; k < count; k++)
        free(images[k].at);
    if (!array.at)
        return;
    char path[FILENAME_MAX];
    keep(known, member(row, "name"), array);
    snprintf(path, sizeof path, "%s/%s.npy", folder, known->name[known->count - 1]);
    write_array(path, array);
}

int main(int argc, char **argv) {
    static char json[LONGEST_TEXT], path[FILENAME_MAX];
    static Known known;
    if (argc != 3)
        fail("two folders are due: port CASE_FOLDER OUTPUTS_FOLDER");
    snprintf(path, sizeof path, "%s/case.json", argv[1]);
    read_text(path, json, sizeof json);
    const char *parameters = member(json, "parameters");
    for (const char *row = first(member(json, "arrays")); *row == '{'; row = after(row)) {
        if (is_text(member(row, "role"), "input"))
            read_input(&known, row, argv[1]);
        else
            write_output(&known, row, parameters, argv[2]);
    }
    for (int k = 0; k < known.count; k++)
        free(known.array[k].at);
    return 0;
}
