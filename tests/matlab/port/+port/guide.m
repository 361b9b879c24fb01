function I = guide(gray_a, gray_b, M)
% GUIDE  Fuse the gray sources by the cleaned map: the first fused image, which guides the filter.
%
% I = M gray(A) + (1 - M) gray(B)      (paper, section 3.1.3)
%
% gray_a, gray_b   (H, W) double in [0, 1]
% M         (H, W) double of 0 and 1, the map after consistency verification
% I         (H, W) double in [0, 1]

I = gray_a .* M + gray_b .* (1 - M);
end
