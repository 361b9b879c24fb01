function [known, wanted, parameters] = read_case(folder)
% READ_CASE  Read one case of the kit.
%
% folder       of case.json and its arrays
% known        containers.Map from the name of an input to its array
% wanted       cell of structs, the outputs in their order: name, step, from (cell of names)
% parameters   struct of numbers and names that the steps take

record = jsondecode(fileread(fullfile(folder, 'case.json')));
parameters = record.parameters;
entries = record.arrays;
if isstruct(entries), entries = num2cell(entries); end  % jsondecode makes a cell only where the fields differ
is_input = cellfun(@(entry) strcmp(entry.role, 'input'), entries);
wanted = entries(~is_input);
known = containers.Map();
for k = find(is_input(:)')
    known(entries{k}.name) = port.read_npy(fullfile(folder, entries{k}.file));
end
end
