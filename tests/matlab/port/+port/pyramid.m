function level = pyramid(gray)
% PYRAMID  Filter and subsample the whole image: the next level of its Gaussian pyramid.
%
% G'(j, i) = sum_(m, n) w(m) w(n) G(2j + m, 2i + n),  w = [1 4 6 4 1] / 16,  0-based      (paper, section 3)
%
% gray      (H, W) double in [0, 1]; beyond the border the image is mirrored, edge pixel included
% level     (ceil(H / 2), ceil(W / 2)) double

w = [1 4 6 4 1] / 16;
filtered = conv2(w, w, gray(mirrored(size(gray, 1)), mirrored(size(gray, 2))), 'valid');
level = filtered(1:2:end, 1:2:end);
end

function indices = mirrored(n)
% 1:n with two more at either end; a period of 2 n, as an image may have one row.
period = [1:n n:-1:1];
indices = period(mod(-2:n + 1, 2 * n) + 1);
end
