function make_anchors(folder)
% Write inputs and outputs of MATLAB's functions in matlab_compat, as this program computes them.
%
%   make_anchors('anchors')              in MATLAB with the Image Processing Toolbox
%   octave --eval "make_anchors anchors" in Octave with the image package; it lacks some functions and differs in others
%
% anchors/FUNCTION.mat holds `cases`, a struct array: arguments (cell), outputs (cell). anchors/version.txt says who made
% them. Then, from the checkout:  python -m tests.matlab.check_anchors anchors

if nargin < 1, folder = 'anchors'; end
if ~exist(folder, 'dir'), mkdir(folder); end
if is_octave()
    pkg('load', 'image');
    rand('twister', 1);
    randn('twister', 1);
    name = ['octave ' OCTAVE_VERSION];
else
    rng(1, 'twister');
    name = ['matlab ' version];
end
names = {@classes, @arrays, @filters, @kernels, @resizing, @regions, @histograms, @quality, @elements, @masks, @levels};
absent = {};
for k = 1:numel(names)
    list = names{k}();  % rows of {function, arguments, number of outputs}
    functions = unique(list(:, 1));
    for f = 1:numel(functions)
        rows = list(strcmp(list(:, 1), functions{f}), :);
        if ~any(exist(functions{f}) == [2 3 5 6]), absent{end + 1} = functions{f}; continue, end %#ok<AGROW,EXIST>
        write_cases(folder, functions{f}, rows);
    end
end
text = fopen(fullfile(folder, 'version.txt'), 'w');
fprintf(text, '%s\n%s\nabsent: %s\n', name, computer(), strjoin(absent, ' '));
fclose(text);
fprintf('%s: %d functions are not here (%s)\n', name, numel(absent), strjoin(absent, ' '));
end

function write_cases(folder, name, rows)
cases = struct('arguments', {}, 'outputs', {});
refused = 0;
for r = 1:size(rows, 1)
    outputs = cell(1, rows{r, 3});
    try
        [outputs{:}] = feval(name, rows{r, 2}{:});
    catch problem
        refused = refused + 1;
        reason = problem.message;
        continue
    end
    if strcmp(name, 'bwconncomp')
        outputs = {outputs{1}.NumObjects, outputs{1}.PixelIdxList};
    end
    if strcmp(name, 'strel')
        outputs = {getnhood(outputs{1})};
    end
    if strcmp(name, 'regionprops')
        all = outputs{1};
        outputs = {vertcat(all.Area), vertcat(all.Centroid), vertcat(all.BoundingBox)};
    end
    cases(end + 1) = struct('arguments', {rows{r, 2}}, 'outputs', {outputs}); %#ok<AGROW>
end
if refused, fprintf('%s: %d of %d calls refused (%s)\n', name, refused, size(rows, 1), reason); end
if is_octave()
    save('-v7', fullfile(folder, [name '.mat']), 'cases');
else
    save(fullfile(folder, [name '.mat']), 'cases', '-v7');
end
end

function yes = is_octave()
yes = exist('OCTAVE_VERSION', 'builtin') ~= 0;
end

function image = draw(shape, class_name)
% An image over the range of its class; now and then with few levels, so that ties occur.
image = rand(shape);
levels = [0 2 4 256];
count = levels(randi(4));
if count > 0, image = floor(image * count) / (count - 1 + (count == 1)); end
if strcmp(class_name, 'logical')
    image = image > 0.5;
elseif any(strcmp(class_name, {'single', 'double'}))
    image = cast(image, class_name);
else
    low = double(intmin(class_name));
    image = cast(low + image * (double(intmax(class_name)) - low), class_name);
end
end

function one = pick(from)
one = from{randi(numel(from))};
end

function sizes = shapes()
sizes = {[1 1], [1 7], [5 1], [2 2], [4 6], [9 8], [17 24]};
end

function list = classes()
list = {
    'round', {[-2.5 -1.5 -0.5 0.49999999999999994 0.5 1.5 2.5 1e15 4503599627370497.5]}, 1
    'uint8', {[-1 0.5 1.5 2.5 254.5 255.5 NaN Inf -Inf]}, 1
    'im2double', {uint8(0:255)}, 1
    'im2double', {uint16(0:65535)}, 1
    'im2single', {uint16(0:65535)}, 1
    'im2uint8', {uint16(0:65535)}, 1
    'im2uint16', {uint8(0:255)}, 1
    'im2uint8', {int16(-32768:32767)}, 1
    'im2uint8', {(0:510) / 510}, 1
    'im2uint8', {single(0:510) / 510}, 1
    'im2uint16', {(0:2000) / 2000}, 1
    };
for name = {'uint8', 'uint16', 'int16', 'single', 'double', 'logical'}
    for f = {'im2double', 'im2single', 'im2uint8', 'im2uint16'}
        list(end + 1, :) = {f{1}, {draw([6 7], name{1})}, 1};
    end
    list(end + 1, :) = {'mat2gray', {draw([6 7], name{1})}, 1};
    list(end + 1, :) = {'im2gray', {draw([6 7], name{1})}, 1};
end
for name = {'uint8', 'uint16', 'single', 'double'}
    for f = {'rgb2gray', 'im2gray', 'rgb2ycbcr', 'ycbcr2rgb'}
        list(end + 1, :) = {f{1}, {draw([16 24 3], name{1})}, 1};
    end
end
[red, green, blue] = ndgrid(uint8(0:8:255), uint8(0:8:255), uint8([0:8:255 255]));
every = reshape([red(:) green(:) blue(:)], [], 1, 3);
list(end + 1, :) = {'rgb2gray', {every}, 1};
list(end + 1, :) = {'rgb2ycbcr', {every}, 1};
list(end + 1, :) = {'ycbcr2rgb', {every}, 1};
list(end + 1, :) = {'rgb2gray', {reshape([1.5 0.2 -0.5], 1, 1, 3)}, 1};
list(end + 1, :) = {'mat2gray', {[3 3; 3 3]}, 1};
list(end + 1, :) = {'mat2gray', {[NaN 1 3]}, 1};
list(end + 1, :) = {'mat2gray', {[0.25 0.25]}, 1};
list(end + 1, :) = {'mat2gray', {rand(6, 7), [0.2 0.6]}, 1};
end

function list = arrays()
list = {
    'conv2', {[1 2 3], [1 1], 'same'}, 1
    'conv2', {rand(3, 4), rand(5, 2), 'valid'}, 1
    'conv2', {rand(4, 1), rand(1, 3), rand(6, 7), 'same'}, 1
    'conv2', {single(rand(4)), rand(2), 'same'}, 1
    'padarray', {rand(2, 3), 2}, 1
    'padarray', {rand(2, 3), [0 1 2], 7}, 1
    'padarray', {uint8([1 2; 3 4]), [1 1], 300}, 1
    'padarray', {rand(2, 3), [1 1], 'post'}, 1
    'padarray', {rand(4, 5), [2 3], 'reflect'}, 1
    };
for shape = shapes()
    for name = repmat({'uint8', 'uint16', 'int16', 'int8', 'single', 'double'}, 1, 8)
        a = draw(shape{1}, name{1});
        b = draw(shape{1}, name{1});
        list(end + 1, :) = {'imabsdiff', {a, b}, 1};
        list(end + 1, :) = {'corr2', {a, b}, 1};
        list(end + 1, :) = {'mean2', {a}, 1};
        list(end + 1, :) = {'std2', {a}, 1};
    end
    a = rand(shape{1});
    for kernel = {[1 1], [1 4], [3 3], [4 2], [5 5]}
        for part = {'full', 'same', 'valid'}
            list(end + 1, :) = {'conv2', {a, rand(kernel{1}) - 0.3, part{1}}, 1};
            for repeat = 1:3
                list(end + 1, :) = {'filter2', {rand(kernel{1}) - 0.3, rand(shape{1}), part{1}}, 1};
            end
        end
    end
    for mode = {'symmetric', 'replicate', 'circular', 0.25}
        for side = {'both', 'pre', 'post'}
            list(end + 1, :) = {'padarray', {a, [3 5], mode{1}, side{1}}, 1};
            list(end + 1, :) = {'padarray', {draw(shape{1}, 'uint8'), [40 1], mode{1}, side{1}}, 1};
        end
    end
end
end

function list = filters()
list = {
    'stdfilt', {rand(9, 8), [0 1 0; 1 1 1; 0 1 0]}, 1
    'stdfilt', {rand(9, 8), ones(1, 5)}, 1
    'imgaussfilt', {draw([30 40 3], 'uint8'), 1.5}, 1
    'imgaussfilt', {rand(30, 40), [2 0.5]}, 1
    'imgaussfilt', {rand(30, 40), 1, 'FilterSize', [3 7], 'Padding', 'symmetric'}, 1
    'imboxfilt', {rand(30, 40), [3 5], 'Padding', 'circular'}, 1
    'imboxfilt', {draw([30 40], 'uint8'), 5, 'NormalizationFactor', 0.1}, 1
    'imguidedfilter', {draw([30 40 3], 'uint8')}, 1
    'imguidedfilter', {draw([30 40], 'logical'), rand(30, 40)}, 1
    'imgaussfilt', {draw([30 40], 'uint8'), 1, 'Padding', 100.5}, 1
    'imboxfilt', {draw([30 40], 'uint8'), 3, 'Padding', 100.5}, 1
    'imfilter', {draw([9 8 3], 'uint8'), rand(3, 2), 'full'}, 1
    'imfilter', {[1 NaN 3; 4 5 6], [0 1 0; 1 0 0]}, 1
    'imguidedfilter', {rand(30, 40), rand(30, 40, 3), 'NeighborhoodSize', [5 7], 'DegreeOfSmoothing', 0.1}, 1
    'imguidedfilter', {rand(30, 40), rand(30, 40), 'NeighborhoodSize', [4 4]}, 1
    };
for repeat = 1:4
    for shape = shapes()
        for name = {'uint8', 'int16', 'double', 'logical'}
            for within = {ones(3), [0 1 0; 1 1 1; 0 1 0], rand(5, 3) > 0.5}
                neighbourhood = within{1} > 0;
                neighbourhood(2, 2) = true;
                for f = {'imdilate', 'imerode', 'imopen', 'imclose', 'imtophat', 'imbothat'}
                    list(end + 1, :) = {f{1}, {draw(shape{1}, name{1}), neighbourhood}, 1};
                end
            end
        end
    end
end
for repeat = 1:8
    for shape = shapes()
        for name = {'uint8', 'uint16', 'int16', 'double', 'single', 'logical'}
            image = draw(shape{1}, name{1});
            domain = rand(min([3 5], size(image))) > 0.4;  % Octave refuses larger ones
            domain(1) = true;
            padding = pick({'zeros', 'symmetric'});
            sides = min(2 * randi(3, 1, 2), 2 * ceil(size(image) / 2)) - 1;
            list(end + 1, :) = {'ordfilt2', {image, randi(sum(domain(:))), double(domain), padding}, 1};
            for times = 1:2
                labels = floor(5 * rand(size(image)));
                list(end + 1, :) = {'regionprops', {labels, 'Area', 'Centroid', 'BoundingBox'}, 1};
            end
            list(end + 1, :) = {'medfilt2', {image, sides, padding}, 1};
            list(end + 1, :) = {'bwdist', {image > mean(image(:)), pick({'euclidean', 'cityblock', 'chessboard'})}, 1};
            sides = min(randi(4, 1, 2), size(image));
            list(end + 1, :) = {'im2col', {image, sides, 'sliding'}, 1};
            list(end + 1, :) = {'im2col', {image, randi(4, 1, 2), 'distinct'}, 1};
            list(end + 1, :) = {'col2im', {rand(1, prod(size(image) - sides + 1)), sides, size(image), 'sliding'}, 1};
            sides = randi(4, 1, 2);
            blocks = draw([prod(sides), prod(ceil(size(image) ./ sides))], name{1});
            list(end + 1, :) = {'col2im', {blocks, sides, size(image), 'distinct'}, 1};
        end
        for name = {'uint8', 'uint16', 'single', 'double', 'double', 'double'}
            list(end + 1, :) = {'rgb2hsv', {draw([shape{1} 3], name{1})}, 1};
            list(end + 1, :) = {'hsv2rgb', {draw([shape{1} 3], pick({'double', 'single'}))}, 1};
        end
    end
end
borders = {'replicate', 'symmetric', 'circular', 0, 0.75};
for shape = shapes()
    for name = {'uint8', 'int16', 'single', 'double'}
        a = draw(shape{1}, name{1});
        list(end + 1, :) = {'stdfilt', {a}, 1};
        list(end + 1, :) = {'imgaussfilt', {a}, 1};
        list(end + 1, :) = {'imgaussfilt', {a, 2}, 1};
        list(end + 1, :) = {'imboxfilt', {a, 3}, 1};
        list(end + 1, :) = {'imguidedfilter', {a}, 1};
        for kernel = {[1 3], [3 3], [2 2], [4 3], [7 7]}
            h = rand(kernel{1}) - 0.3;
            for border = borders
                for mode = {'corr', 'conv'}
                    list(end + 1, :) = {'imfilter', {a, h, border{1}, mode{1}}, 1};
                end
            end
            list(end + 1, :) = {'imfilter', {a, h, 'full'}, 1};
            list(end + 1, :) = {'imfilter', {a, h, 'full', 'replicate'}, 1};
        end
    end
    list(end + 1, :) = {'imfilter', {draw(shape{1}, 'logical'), rand(3) - 0.3}, 1};
    for method = {'sobel', 'prewitt', 'central', 'intermediate', 'roberts'}
        list(end + 1, :) = {'imgradient', {rand(shape{1}), method{1}}, 2};
    end
end
list(end + 1, :) = {'imfilter', {rand(20, 30, 3), ones(7) / 49, 'replicate'}, 1};
list(end + 1, :) = {'imfilter', {draw([20 30 3], 'uint8'), ones(31) / 961, 'replicate'}, 1};
end

function list = kernels()
list = cell(0, 3);
for name = {'average', 'disk', 'gaussian', 'laplacian', 'log', 'motion', 'prewitt', 'sobel', 'unsharp'}
    list(end + 1, :) = {'fspecial', {name{1}}, 1};
end
for size = {1, 4, 7, [3 5], [6 1]}
    list(end + 1, :) = {'fspecial', {'average', size{1}}, 1};
    for sigma = [0.3 1 5]
        list(end + 1, :) = {'fspecial', {'gaussian', size{1}, sigma}, 1};
        list(end + 1, :) = {'fspecial', {'log', size{1}, sigma}, 1};
    end
end
for alpha = [0 0.5 1]
    list(end + 1, :) = {'fspecial', {'laplacian', alpha}, 1};
    list(end + 1, :) = {'fspecial', {'unsharp', alpha}, 1};
end
for radius = [0.6 1 1.3 1.5 2 2.4 2.7 3 7.5 10]
    list(end + 1, :) = {'fspecial', {'disk', radius}, 1};
end
for len = [1 2 3 6 9 20.5]
    for theta = [0 11 45 60 90 135 170]
        list(end + 1, :) = {'fspecial', {'motion', len, theta}, 1};
    end
end
end

function list = resizing()
list = {
    'imresize', {[1 4 7 4 3 6], [1 9], 'nearest'}, 1
    'imresize', {rand(25), [7 NaN], 'bicubic'}, 1
    'imresize', {rand(187), [3 NaN], 'bicubic'}, 1
    };
for name = {'uint8', 'double', 'uint16', 'int16', 'uint32', 'int8', 'int32', 'single', 'logical'}
    methods = {'nearest', 'bilinear', 'bicubic', 'lanczos3'};
    sizes = {0.5, 1.7, [11 13]};
    if any(strcmp(name{1}, {'uint8', 'double'}))
        methods = {'nearest', 'bilinear', 'bicubic', 'box', 'triangle', 'cubic', 'lanczos2', 'lanczos3'};
        sizes = {0.5, 1 / 3, 0.7, 2, 3, 1.7, [7 NaN], [NaN 5], [11 13], [40 9]};
    end
    for shape = {[1 1], [1 7], [5 1], [12 12], [17 24], [24 36 3]}
        a = draw(shape{1}, name{1});
        for direction = {'reduce', 'expand'}
            list(end + 1, :) = {'impyramid', {a, direction{1}}, 1};
        end
        for method = methods
            for size = sizes
                list(end + 1, :) = {'imresize', {a, size{1}, method{1}}, 1};
            end
            list(end + 1, :) = {'imresize', {a, [5 7], method{1}, 'Antialiasing', false}, 1};
        end
    end
end
end

function list = regions()
list = cell(0, 3);
for shape = [shapes() {[60 80]}]
    for density = [0.2 0.45 0.6 0.8]
        mask = rand(shape{1}) < density;
        for conn = [4 8]
            list(end + 1, :) = {'bwlabel', {mask, conn}, 2};
            list(end + 1, :) = {'bwconncomp', {mask, conn}, 1};
            list(end + 1, :) = {'imfill', {mask, conn, 'holes'}, 1};
            for area = [0 1 3 8]
                list(end + 1, :) = {'bwareaopen', {mask, area, conn}, 1};
            end
            list(end + 1, :) = {'bwareafilt', {mask, [2 6], conn}, 1};
        end
        for n = [1 3]
            for keep = {'largest', 'smallest'}
                list(end + 1, :) = {'bwareafilt', {mask, n, keep{1}}, 1};
            end
        end
        list(end + 1, :) = {'imfill', {mask, 'holes'}, 1};
        list(end + 1, :) = {'bwareaopen', {double(mask), 4}, 1};
    end
    for name = {'uint8', 'single', 'double'}
        list(end + 1, :) = {'imfill', {draw(shape{1}, name{1}), 'holes'}, 1};
    end
end
end

function list = histograms()
list = {
    'imhist', {uint8(0:255), 3}, 2
    'imhist', {uint8(0:255), 100}, 2
    'imhist', {uint16(0:65535)}, 2
    'imhist', {(0:510) / 510}, 2
    'imhist', {[-1 2 0.5]}, 2
    };
for shape = shapes()
    for name = {'uint8', 'uint16', 'int16', 'single', 'double', 'logical'}
        a = draw(shape{1}, name{1});
        list(end + 1, :) = {'imhist', {a}, 2};
        list(end + 1, :) = {'entropy', {a}, 1};
        if ~strcmp(name{1}, 'logical')
            list(end + 1, :) = {'graythresh', {a}, 1};
            list(end + 1, :) = {'imbinarize', {a}, 1};
            list(end + 1, :) = {'imbinarize', {a, 0.3}, 1};
            list(end + 1, :) = {'imhist', {a, 17}, 2};
        end
    end
end
for k = 1:6
    list(end + 1, :) = {'graythresh', {uint8(60 * randn(20, 30) + 40 * k)}, 1};
end
list(end + 1, :) = {'entropy', {draw([9 8 3], 'uint8')}, 1};
list(end + 1, :) = {'graythresh', {draw([9 8 3], 'uint8')}, 1};
end

function list = quality()
list = cell(0, 3);
for name = {'uint8', 'uint16', 'int16', 'single', 'double'}
    for shape = {[7 9], [32 48], [33 50 3]}
        a = draw(shape{1}, name{1});
        b = draw(shape{1}, name{1});
        list(end + 1, :) = {'immse', {a, b}, 1};
        list(end + 1, :) = {'psnr', {a, b}, 1};
        list(end + 1, :) = {'psnr', {a, b, 3}, 1};
        list(end + 1, :) = {'ssim', {a, b}, 2};
        list(end + 1, :) = {'ssim', {a, b, 'Radius', 2, 'Exponents', [1 0.5 2]}, 2};
        list(end + 1, :) = {'ssim', {a, b, 'DynamicRange', 2, 'RegularizationConstants', [0.1 0.2 0.3]}, 2};
        if numel(shape{1}) == 3
            list(end + 1, :) = {'ssim', {a, b, 'DataFormat', 'SSC'}, 2};
        end
        if ~strcmp(name{1}, 'int16')
            list(end + 1, :) = {'piqe', {a}, 4};
            list(end + 1, :) = {'piqe', {cast(double(a) / 3, name{1})}, 4};
        end
    end
end
end

function list = elements()
list = cell(0, 3);
for repeat = 1:60
    list(end + 1, :) = {'strel', {'line', 1 + 30 * rand, 45 * randi([-4 4])}, 1};
    list(end + 1, :) = {'strel', {'line', randi(30), 180 * rand}, 1};
    list(end + 1, :) = {'strel', {'pair', randi([-6 6], 1, 2)}, 1};
    list(end + 1, :) = {'strel', {'periodicline', randi(4), randi([-4 4], 1, 2)}, 1};
    list(end + 1, :) = {'strel', {'rectangle', randi(9, 1, 2)}, 1};
    list(end + 1, :) = {'strel', {'diamond', randi(9)}, 1};
    list(end + 1, :) = {'strel', {'octagon', 3 * randi(4)}, 1};
    list(end + 1, :) = {'strel', {'disk', randi(20), 0}, 1};
    list(end + 1, :) = {'strel', {'disk', randi(20), pick({4, 6, 8})}, 1};
end
end

function list = masks()
list = cell(0, 3);
for repeat = 1:24
    for operation = {'bothat', 'bridge', 'clean', 'close', 'diag', 'dilate', 'erode', 'fill', 'hbreak', ...
                     'majority', 'open', 'remove', 'thin', 'tophat'}
        mask = rand(2 + randi(14, 1, 2)) < pick({0.2, 0.4, 0.6, 0.8});
        list(end + 1, :) = {'bwmorph', {mask, operation{1}, 1}, 1};
        list(end + 1, :) = {'bwmorph', {mask, operation{1}, randi(4)}, 1};
        if ~any(strcmp(operation{1}, {'majority', 'bothat'}))
            list(end + 1, :) = {'bwmorph', {mask, operation{1}, Inf}, 1};
        end
    end
end
for repeat = 1:50
    for name = {'uint8', 'uint16', 'double', 'double', 'double', 'single', 'logical'}
        image = draw(2 + randi(14, 1, 2), name{1});
        method = pick({'sobel', 'prewitt'});
        direction = pick({'both', 'horizontal', 'vertical'});
        list(end + 1, :) = {'edge', {image, method, [], direction, 'nothinning'}, 2};
        list(end + 1, :) = {'edge', {image, method, rand / 5, direction, 'nothinning'}, 1};
        list(end + 1, :) = {'edge', {image, method}, 2};
        list(end + 1, :) = {'edge', {image, method, rand / 5, direction}, 1};
        list(end + 1, :) = {'edge', {image, 'log'}, 2};
        list(end + 1, :) = {'edge', {image, 'log', rand / 50, 1 + rand}, 1};
        list(end + 1, :) = {'edge', {image, 'canny'}, 2};
        list(end + 1, :) = {'edge', {image, 'canny', [0.1 0.3], 1 + rand}, 1};
    end
end
end

function list = levels()
list = cell(0, 3);
for repeat = 1:80
    for name = {'uint8', 'uint16', 'double', 'single'}
        image = draw(1 + randi(9, 1, 2), name{1});
        from = sort(rand(1, 2));
        list(end + 1, :) = {'imadjust', {image, from, rand(1, 2), pick({1, 0.5, 2, 1.3})}, 1};
        list(end + 1, :) = {'imadjust', {image}, 1};
        list(end + 1, :) = {'stretchlim', {image, pick({0, 0.05, 0.2, [0.1 0.7], [0.3 0.31]})}, 1};
        list(end + 1, :) = {'stretchlim', {image}, 1};
        image = draw(1 + randi(9, 1, 2), 'uint8');
        list(end + 1, :) = {'stretchlim', {image, pick({0, 0.01, 0.1, [0.2 0.7]})}, 1};
        if ~strcmp(name{1}, 'uint16')
            list(end + 1, :) = {'histeq', {image}, 2};
            list(end + 1, :) = {'histeq', {image, randi([2 100])}, 1};
            list(end + 1, :) = {'histeq', {image, randi([0 9], 1, randi([2 40])) + 1}, 1};
            list(end + 1, :) = {'imhistmatch', {image, draw(1 + randi(9, 1, 2), name{1})}, 2};
        end
    end
end
for name = {'uint8', 'uint16', 'int16', 'single', 'double'}
    for shape = {[32 32], [48 61], [97 64]}
        a = draw(shape{1}, name{1});
        b = cast(0.8 * double(a) + 0.2 * double(draw(shape{1}, name{1})), name{1});
        list(end + 1, :) = {'multissim', {a, b}, 1};
        list(end + 1, :) = {'multissim', {a, b, 'NumScales', 3, 'Sigma', 1}, 1};
        list(end + 1, :) = {'multissim', {a, b, 'NumScales', 2, 'ScaleWeights', [1 3], 'DynamicRange', 2}, 1};
    end
end
end
