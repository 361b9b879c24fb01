function F = fusion(image_a, image_b, D)
% FUSION  Fuse the sources, every pixel and channel for itself.
%
% F(y, x) = D(y, x) A(y, x) + (1 - D(y, x)) B(y, x)      (paper, section 3.1.4, eq. 3)
%
% image_a, image_b   (H, W) or (H, W, 3) double in [0, 1]
% D         (H, W) double, 1 = A; one map for all channels
% F         the shape of the sources; leaves [0, 1] only where D does

F = image_a .* D + image_b .* (1 - D);
end
