function y = gray(image)
% GRAY  Turn a source image into its gray version; a gray source is returned as it is.
%
% gray = 0.29894 R + 0.58704 G + 0.11402 B      (paper, section 3.1.1)
%
% image     (H, W) or (H, W, 3) double in [0, 1]
% y         (H, W) double in [0, 1]

if ismatrix(image), y = image; return, end
% MATLAB's weights to full precision, written out: Octave's rgb2gray has six digits of them.
y = 0.2989360212937754 * image(:, :, 1) + 0.5870430744511212 * image(:, :, 2) + 0.11402090425510325 * image(:, :, 3);
y = min(max(y, 0), 1);
end
