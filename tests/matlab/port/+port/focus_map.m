function FM = focus_map(scores, rows, columns)
% FOCUS_MAP  Give every pixel the mean score of the 16 x 16 patches that cover it.
%
% FM(y, x) = mean of S(j, i) over the patches with 2j <= y < 2j + 16 and 2i <= x < 2i + 16,  0-based
% (paper, section 3.1.1 and figure 2)
%
% scores    (ceil(H / 2) - 7, ceil(W / 2) - 7) double in [0, 1]
% rows, columns   H and W of the sources
% FM        (H, W) double in [0, 1]

FM = spread(scores, rows, columns) ./ spread(ones(size(scores)), rows, columns);
end

function total = spread(scores, rows, columns)
% Every score stands at the first pixel of its patch, which is cut off at the right and bottom border.
corners = zeros(rows, columns);
corners(1:2:2 * size(scores, 1), 1:2:2 * size(scores, 2)) = scores;
total = conv2(ones(16, 1), ones(1, 16), corners);
total = total(1:rows, 1:columns);
end
