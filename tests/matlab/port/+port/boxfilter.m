function sums = boxfilter(image, r)
% BOXFILTER  Sum the pixels of the (2 r + 1)-wide window around every pixel; windows are cut off at the border.
%
% sums(i) = C(min(i + r, n)) - C(max(i - r - 1, 0)),  C the cumulative sum, C(0) = 0;  first down, then across
%
% image     (H, W) double
% r         radius in pixels
% sums      (H, W) double: sums, not means; a side may be shorter than the window

sums = down(down(image, r)', r)';
end

function sums = down(image, r)
[n, columns] = size(image);
C = [zeros(1, columns); cumsum(image, 1)];  % C(k + 1, :) is the sum of k rows
sums = C(min((1:n) + r, n) + 1, :) - C(max((1:n) - r - 1, 0) + 1, :);
end
