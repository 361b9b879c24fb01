function q = guided_filter(I, p, r, eps)
% GUIDED_FILTER  Smooth the cleaned map so that its edges follow the edges of the guide.
%
% q = mean(a) I + mean(b),  a = cov(I, p) / (var(I) + eps),  b = mean(p) - a mean(I)
% (paper, section 3.1.3: r = 8, eps = 0.1; He et al. 2013, eq. 5-8)
%
% I         (H, W) double in [0, 1], the guide
% p         (H, W) double, the map to be smoothed
% r         pixels; windows are 2 r + 1 wide and cut off at the border, means divide by what is left of them
% eps       squared gray level; larger is smoother
% q         (H, W) double; may leave [0, 1] by a few hundredths, as a local line is extrapolated

count = port.boxfilter(ones(size(I)), r);
mean_of = @(image) port.boxfilter(image, r) ./ count;
mean_I = mean_of(I);
mean_p = mean_of(p);
cov_Ip = mean_of(I .* p) - mean_I .* mean_p;
var_I = mean_of(I .* I) - mean_I .* mean_I;

a = cov_Ip ./ (var_I + eps);
b = mean_p - a .* mean_I;
q = mean_of(a) .* I + mean_of(b);
end
