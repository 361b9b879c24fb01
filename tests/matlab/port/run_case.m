function run_case(folder, outputs)
% RUN_CASE  Compute what can be computed of one case of the conformance kit.
%
%   run_case('vectors/micro/corner_touch', 'outputs')      writes outputs/NAME.npy
%
% folder    of case.json and its input arrays
% outputs   folder for the results; made if it is not there
%
% A step is computed if port.steps has it and its arrays are inputs or were computed before; all others are left out.
% Needs MATLAB R2017b with the Image Processing Toolbox, or Octave 7 with the image package.

if ~exist(outputs, 'dir'), mkdir(outputs); end
[known, wanted, parameters] = port.read_case(folder);
steps = port.steps();
for k = 1:numel(wanted)
    entry = wanted{k};
    if isfield(steps, entry.step) && all(isKey(known, entry.from))
        compute = steps.(entry.step);
        known(entry.name) = compute(values(known, entry.from), parameters);
        port.write_npy(fullfile(outputs, [entry.name '.npy']), known(entry.name));
    end
end
end
