/* Every sum is taken in the order of the reference: the order is part of the last digit. */
#include "steps.h"

#include <math.h>
#include <stdlib.h>

enum { PATCH = 16, STRIDE = 2 }; /* pixels; a score stands for a patch, neighbouring patches are a stride apart */
static const double RED = 0.2989360212937754, GREEN = 0.5870430744511212, BLUE = 0.11402090425510325;
static const double BURT[] = {1 / 16.0, 4 / 16.0, 6 / 16.0, 4 / 16.0, 1 / 16.0};

static int least(int a, int b) { return a < b ? a : b; }

static int most(int a, int b) { return a > b ? a : b; }

static double clipped(double x, double low, double high) { return fmin(fmax(x, low), high); }

static void expect(const char *step, Array array, int rows, int columns, int channels) {
    if (array.rows != rows || array.columns != columns || array.channels != channels)
        fail("%s was given an array of %d x %d x %d where %d x %d x %d is due", step, array.rows, array.columns,
             array.channels, rows, columns, channels);
}

static void expect_plane(const char *step, Array array) { expect(step, array, array.rows, array.columns, 1); }

/* gray = 0.2989 R + 0.5870 G + 0.1140 B with weights of 15 digits; a gray image is returned as it is. */
Array gray(Array image) {
    if (image.channels == 1)
        return copy_array(image);
    expect("gray", image, image.rows, image.columns, 3);
    Array gray = new_array(image.rows, image.columns, 1);
    for (size_t k = 0; k < size_of(gray); k++) {
        const double *pixel = image.at + 3 * k;
        gray.at[k] = clipped(RED * pixel[0] + GREEN * pixel[1] + BLUE * pixel[2], 0, 1);
    }
    return gray;
}

/* ... b a | a b c | c b ...: the pixel at the border is repeated, and the image as often as a short side needs. */
static int mirrored(int i, int size) {
    i = (i + 2 * size) % (2 * size);
    return i < size ? i : 2 * size - 1 - i;
}

static double weighted(const double *line, int size, int step, int centre) {
    double sum = 0;
    for (int m = -2; m <= 2; m++)
        sum += BURT[m + 2] * line[step * mirrored(centre + m, size)];
    return sum;
}

/* G(j, i) = sum_(m, n) w(m) w(n) gray(2 j + m, 2 i + n),  w = [1 4 6 4 1] / 16; down first, then across. */
Array pyramid(Array gray) {
    expect_plane("pyramid", gray);
    Array down = new_array((gray.rows + 1) / 2, gray.columns, 1);
    for (int j = 0; j < down.rows; j++)
        for (int x = 0; x < down.columns; x++)
            down.at[j * down.columns + x] = weighted(gray.at + x, gray.rows, gray.columns, 2 * j);
    Array level = new_array(down.rows, (gray.columns + 1) / 2, 1);
    for (int j = 0; j < level.rows; j++)
        for (int i = 0; i < level.columns; i++)
            level.at[j * level.columns + i] = weighted(down.at + j * down.columns, down.columns, 1, 2 * i);
    free(down.at);
    return level;
}

/* Add `score` to the pixels of patch (j, i), which the border may cut off. */
static void add_patch(Array total, int j, int i, double score) {
    for (int y = STRIDE * j; y < least(STRIDE * j + PATCH, total.rows); y++)
        for (int x = STRIDE * i; x < least(STRIDE * i + PATCH, total.columns); x++)
            total.at[y * total.columns + x] += score;
}

/* FM(y, x) = mean of S(j, i) over the patches with 2 j <= y < 2 j + 16 and 2 i <= x < 2 i + 16. */
Array focus_map(Array scores, int rows, int columns) {
    const int without_first = PATCH / STRIDE - 1;
    expect("focus_map", scores, (rows + 1) / STRIDE - without_first, (columns + 1) / STRIDE - without_first, 1);
    Array map = new_array(rows, columns, 1), patches = new_array(rows, columns, 1);
    for (int j = 0; j < scores.rows; j++)
        for (int i = 0; i < scores.columns; i++) {
            add_patch(map, j, i, scores.at[j * scores.columns + i]);
            add_patch(patches, j, i, 1);
        }
    for (size_t k = 0; k < size_of(map); k++)
        map.at[k] /= patches.at[k];
    free(patches.at);
    return map;
}

/* out(i) = C(min(i + r, n - 1)) - C(i - r - 1), C(i) the sum of the line up to i, which stands in sums[i + 1]. */
static void window_sums(double *line, int size, int step, int radius, double *sums) {
    for (int i = 0; i < size; i++)
        sums[i + 1] = sums[i] + line[step * i];
    for (int i = 0; i < size; i++)
        line[step * i] = sums[least(i + radius + 1, size)] - sums[most(i - radius, 0)];
}

static int window_size(int i, int size, int radius) { return least(i + radius + 1, size) - most(i - radius, 0); }

/* The mean of the (2 r + 1)-wide window around every pixel; the border cuts windows off. */
static Array window_mean(Array image, int radius) {
    Array mean = copy_array(image), sums = new_array(1, most(image.rows, image.columns) + 1, 1);
    for (int x = 0; x < mean.columns; x++)
        window_sums(mean.at + x, mean.rows, mean.columns, radius, sums.at);
    for (int y = 0; y < mean.rows; y++)
        window_sums(mean.at + y * mean.columns, mean.columns, 1, radius, sums.at);
    for (int y = 0; y < mean.rows; y++)
        for (int x = 0; x < mean.columns; x++)
            mean.at[y * mean.columns + x] /=
                window_size(y, mean.rows, radius) * window_size(x, mean.columns, radius);
    free(sums.at);
    return mean;
}

static double window_maximum(Array image, int y, int x, int radius) {
    double maximum = 0;
    for (int j = most(y - radius, 0); j <= least(y + radius, image.rows - 1); j++)
        for (int i = most(x - radius, 0); i <= least(x + radius, image.columns - 1); i++)
            maximum = fmax(maximum, image.at[j * image.columns + i]);
    return maximum;
}

static void complement(Array map) {
    for (size_t k = 0; k < size_of(map); k++)
        map.at[k] = 1 - map.at[k];
}

/* d = p max(FM) + (1 - p) mean(FM) over the window around each pixel; side B pools 1 - FM and turns it back. */
Array mixed_pooling(Array focus_map, int window, double p, bool side_b) {
    expect_plane("mixed_pooling", focus_map);
    Array map = copy_array(focus_map);
    if (window == 1)
        return map;
    if (side_b)
        complement(map);
    Array pooled = window_mean(map, window / 2);
    for (int y = 0; y < map.rows; y++)
        for (int x = 0; x < map.columns; x++) {
            double *d = &pooled.at[y * map.columns + x];
            *d = clipped(p * window_maximum(map, y, x, window / 2) + (1 - p) * *d, 0, 1);
        }
    if (side_b)
        complement(pooled);
    free(map.at);
    return pooled;
}

/* B(y, x) = 1 where FM(y, x) > threshold, else 0: a tie goes to image B. */
Array segmentation(Array focus_map, double threshold) {
    Array map = copy_array(focus_map);
    for (size_t k = 0; k < size_of(map); k++)
        map.at[k] = focus_map.at[k] > threshold;
    map.bytes = true;
    return map;
}

/* Put the unseen 8-neighbours of a pixel that share its value behind the `found` pixels of the region. */
static int spread(Array map, int pixel, int *region, int found, bool *seen) {
    int y = pixel / map.columns, x = pixel % map.columns;
    for (int j = most(y - 1, 0); j <= least(y + 1, map.rows - 1); j++)
        for (int i = most(x - 1, 0); i <= least(x + 1, map.columns - 1); i++) {
            int near = j * map.columns + i;
            if (seen[near] || map.at[near] != map.at[pixel])
                continue;
            seen[near] = true;
            region[found++] = near;
        }
    return found;
}

/* Collect the region of a pixel and return its size. The region is its own queue of pixels to visit. */
static int flood(Array map, int start, int *region, bool *seen) {
    int found = spread(map, start, region, 0, seen);
    for (int k = 0; k < found; k++)
        found = spread(map, region[k], region, found, seen);
    return found;
}

/* Turn the pixels of the regions of `value` that have fewer than `area` pixels. */
static void open_area(Array map, double value, int area) {
    int *region = calloc(size_of(map), sizeof *region);
    bool *seen = calloc(size_of(map), sizeof *seen);
    if (!region || !seen)
        fail("there is no memory for the regions of %d x %d pixels", map.rows, map.columns);
    for (int start = 0; start < map.rows * map.columns; start++) {
        if (seen[start] || map.at[start] != value)
            continue;
        int size = flood(map, start, region, seen);
        for (int k = 0; size < area && k < size; k++)
            map.at[region[k]] = 1 - value;
    }
    free(region);
    free(seen);
}

/* D = not open(not open(B)),  open = keep the 8-connected regions of at least `area` pixels; the map comes first. */
Array consistency(Array segmentation, int area) {
    expect_plane("consistency", segmentation);
    Array map = copy_array(segmentation);
    open_area(map, 1, area);
    open_area(map, 0, area);
    map.bytes = true;
    return map;
}

/* I = M gray(A) + (1 - M) gray(B): the fusion of the gray images by the cleaned map. */
Array guide(Array gray_a, Array gray_b, Array consistent_map) {
    expect_plane("guide", gray_a);
    return fusion(gray_a, gray_b, consistent_map);
}

static Array mean_of_product(Array x, Array y, int radius) {
    Array product = copy_array(x);
    for (size_t k = 0; k < size_of(product); k++)
        product.at[k] = x.at[k] * y.at[k];
    Array mean = window_mean(product, radius);
    free(product.at);
    return mean;
}

/* a = cov(I, p) / (var(I) + eps),  b = mean(p) - a mean(I): the line of the window around every pixel. */
static void fit_lines(Array I, Array p, int radius, double eps, Array a, Array b) {
    Array mean_I = window_mean(I, radius), mean_Ip = mean_of_product(I, p, radius);
    Array mean_p = window_mean(p, radius), mean_II = mean_of_product(I, I, radius);
    for (size_t k = 0; k < size_of(a); k++) {
        double cov_Ip = mean_Ip.at[k] - mean_I.at[k] * mean_p.at[k];
        double var_I = mean_II.at[k] - mean_I.at[k] * mean_I.at[k];
        a.at[k] = cov_Ip / (var_I + eps);
        b.at[k] = mean_p.at[k] - a.at[k] * mean_I.at[k];
    }
    free(mean_I.at);
    free(mean_Ip.at);
    free(mean_p.at);
    free(mean_II.at);
}

/* D = mean(a) I + mean(b): every pixel takes the mean of the lines of the windows that hold it. */
Array guided_filter(Array guide, Array consistent_map, int radius, double eps) {
    expect_plane("guided_filter", guide);
    expect("guided_filter", consistent_map, guide.rows, guide.columns, 1);
    Array a = copy_array(guide), b = copy_array(guide), map = copy_array(guide);
    fit_lines(guide, consistent_map, radius, eps, a, b);
    Array mean_a = window_mean(a, radius), mean_b = window_mean(b, radius);
    for (size_t k = 0; k < size_of(map); k++)
        map.at[k] = mean_a.at[k] * guide.at[k] + mean_b.at[k];
    free(a.at);
    free(b.at);
    free(mean_a.at);
    free(mean_b.at);
    return map;
}

/* F(y, x) = D(y, x) A(y, x) + (1 - D(y, x)) B(y, x) in every channel. */
Array fusion(Array image_a, Array image_b, Array decision_map) {
    expect("fusion", image_b, image_a.rows, image_a.columns, image_a.channels);
    expect("fusion", decision_map, image_a.rows, image_a.columns, 1);
    Array fused = copy_array(image_a);
    for (size_t k = 0; k < size_of(fused); k++) {
        double weight = decision_map.at[k / fused.channels];
        fused.at[k] = image_a.at[k] * weight + image_b.at[k] * (1 - weight);
    }
    return fused;
}

/* round(255 F), halves upwards, saturated. Adding 1/2 itself would make 0.49999999999999994 a 1. */
Array uint8(Array fused) {
    Array levels = copy_array(fused);
    for (size_t k = 0; k < size_of(levels); k++)
        levels.at[k] = floor(clipped(255 * fused.at[k], 0, 255) + nextafter(0.5, 0));
    levels.bytes = true;
    return levels;
}
