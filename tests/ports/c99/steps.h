/* The steps of the fusion: arrays in, a new array out. Images are fractions from 0 to 1, masks are 0 and 1. */
#ifndef STEPS_H
#define STEPS_H

#include "array.h"

Array gray(Array image);
Array pyramid(Array gray);
Array focus_map(Array scores, int rows, int columns);
Array mixed_pooling(Array focus_map, int window, double p, bool side_b);
Array segmentation(Array focus_map, double threshold);
Array consistency(Array segmentation, int area);
Array guide(Array gray_a, Array gray_b, Array consistent_map);
Array guided_filter(Array guide, Array consistent_map, int radius, double eps);
Array fusion(Array image_a, Array image_b, Array decision_map);
Array uint8(Array fused);

#endif
