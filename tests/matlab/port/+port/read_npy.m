function array = read_npy(path)
% READ_NPY  Read an array of the kit: .npy of version 1.0, row order, little-endian, two or more dimensions.
%
% path      of the file
% array     (row, column[, channel]); uint8, int32, single or double

file = fopen(path, 'r', 'ieee-le');
if file < 0, error('%s cannot be opened', path); end
closing = onCleanup(@() fclose(file));
if ~isequal(fread(file, 8)', [147 double('NUMPY') 1 0]), error('%s is not a .npy file of version 1.0', path); end
header = fread(file, fread(file, 1, 'uint16'), '*char')';
found = regexp(header, '''descr'': ''(.+?)'', ''fortran_order'': False, ''shape'': \((.+?)\)', 'tokens', 'once');
if isempty(found), error('%s is not in row order: %s', path, header); end
shape = sscanf(found{2}, '%d,')';
codes = {'|u1', '<i4', '<f4', '<f8'};
kinds = {'uint8', 'int32', 'single', 'double'};
values = fread(file, Inf, ['*' kinds{strcmp(codes, found{1})}]);
% In row order the last dimension runs fastest, in MATLAB the first.
array = permute(reshape(values, fliplr(shape)), numel(shape):-1:1);
end
