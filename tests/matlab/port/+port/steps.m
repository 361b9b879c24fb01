function table = steps()
% STEPS  What this port can compute: a struct of functions of (arrays, parameters), one field a step of the kit.
%
% arrays       cell, as read: bytes stand for value / 255 where a step works on fractions, doubles for themselves
% parameters   struct, the "parameters" of case.json

table.gray = @(x, p) port.gray(im2double(x{1}));
table.pyramid = @(x, p) port.pyramid(im2double(x{1}));
table.focus_map = @(x, p) port.focus_map(x{1}, p.rows, p.columns);
table.mixed_pooling = @(x, p) port.mixed_pooling(x{1}, p.pool_window, p.pool_p, p.pool_side);
table.segmentation = @(x, p) port.segmentation(x{1}, p.focus_threshold);
table.consistency = @(x, p) port.consistency(logical(x{1}), p.small_region_area);
table.guide = @(x, p) port.guide(im2double(x{1}), im2double(x{2}), double(x{3}));
table.guided_filter = @(x, p) port.guided_filter(im2double(x{1}), double(x{2}), p.guide_radius, p.guide_eps);
table.fusion = @(x, p) port.fusion(im2double(x{1}), im2double(x{2}), x{3});
table.uint8 = @(x, p) port.to_uint8(x{1});

% What MATLAB does by itself.
table.guidedfilter = table.guided_filter;  % He's, of any target
table.rgb2gray = @(x, p) rgb2gray(x{1});  % of bytes: Octave's weights of six digits are enough there
table.bwareaopen = @(x, p) bwareaopen(logical(x{1}), p.small_region_area);
table.psnr = @(x, p) psnr(x{1}, x{2});
table.entropy = @(x, p) entropy(x{1});
if exist('OCTAVE_VERSION', 'builtin')
    pkg('load', 'image');
    return
end
% Octave has no ssim and no piqe, and its imresize and impyramid give other images.
table.imresize = @(x, p) imresize(x{1}, new_size(p), p.method);
table.impyramid = @(x, p) impyramid(x{1}, p.direction);
table.ssim = @(x, p) ssim(x{1}, x{2}, 'DynamicRange', p.dynamic_range);
table.piqe = @(x, p) piqe(x{1});
end

function s = new_size(p)
if isfield(p, 'scale'), s = p.scale; else, s = [p.rows p.columns]; end
end
