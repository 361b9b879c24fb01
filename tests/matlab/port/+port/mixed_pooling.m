function pooled = mixed_pooling(FM, window, p, side)
% MIXED_POOLING  Pool the focus map by a mixture of maximum and mean.
%
% d = p Max(x) + (1 - p) Avg(x) over the window around each pixel      (paper, section 3.1.2, eq. 1-2)
%
% FM        (H, W) double in [0, 1]
% window    pixels, odd, cut off at the border; 1 changes nothing
% p         retention probability in [0, 1]; 1 is maximum pooling, 0 is average pooling
% side      'a' pools FM, which favours A; 'b' pools 1 - FM, which favours B
% pooled    (H, W) double in [0, 1]

if window == 1, pooled = FM; return, end
if strcmp(side, 'b'), pooled = 1 - port.mixed_pooling(1 - FM, window, p, 'a'); return, end
radius = (window - 1) / 2;
average = port.boxfilter(FM, radius) ./ port.boxfilter(ones(size(FM)), radius);
pooled = p * maximum(FM, radius) + (1 - p) * average;
pooled = min(max(pooled, 0), 1);  % differences of cumulative sums leave [0, 1] in the last digit
end

function largest = maximum(FM, r)
% Zeros beyond the border never win: the map has no negative values.
[rows, columns] = size(FM);
padded = zeros(rows + 2 * r, columns + 2 * r);
padded(r + (1:rows), r + (1:columns)) = FM;
largest = FM;
for dy = 0:2 * r
    for dx = 0:2 * r
        largest = max(largest, padded(dy + (1:rows), dx + (1:columns)));
    end
end
end
