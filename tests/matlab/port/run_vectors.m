function run_vectors(vectors, outputs)
% RUN_VECTORS  Compute what can be computed of all cases of the conformance kit, in one process.
%
%   run_vectors('vectors', 'outputs')                      writes outputs/SUITE/CASE/NAME.npy
%
% vectors   folder of index.json and of the suites
% outputs   folder for the results
%
% Then, from the checkout:  python -m reference conform --vectors VECTORS --outputs OUTPUTS

% Not by jsondecode: "case" is a keyword, and would come back under another name.
names = regexp(fileread(fullfile(vectors, 'index.json')), '"case":\s*"(\w+/\w+)"', 'tokens');
for k = 1:numel(names)
    folder = fullfile(vectors, names{k}{1});
    if ~isempty(dir(fullfile(folder, '*.npy')))  % of others the vectors hold digests only
        run_case(folder, fullfile(outputs, names{k}{1}));
    end
end
end
