function write_npy(path, array)
% WRITE_NPY  Write an array of the kit: .npy of version 1.0, row order, little-endian; masks as bytes of 0 and 1.
%
% path      of the file
% array     (row, column[, channel]); logical, uint8, int32, single or double

if islogical(array), array = uint8(array); end
codes = {'|u1', '<i4', '<f4', '<f8'};
kinds = {'uint8', 'int32', 'single', 'double'};
shape = sprintf(', %d', size(array));
header = sprintf('{''descr'': ''%s'', ''fortran_order'': False, ''shape'': (%s), }', ...
    codes{strcmp(kinds, class(array))}, shape(3:end));
% Magic, version and length take 10 bytes; the values begin at a multiple of 64, after a line feed.
header = [header blanks(63 - mod(10 + numel(header), 64)) char(10)]; %#ok<CHARTEN>

file = fopen(path, 'w', 'ieee-le');
if file < 0, error('%s cannot be opened', path); end
closing = onCleanup(@() fclose(file));
fwrite(file, [147 double('NUMPY') 1 0]);
fwrite(file, numel(header), 'uint16');
fwrite(file, header, 'uint8');
fwrite(file, permute(array, ndims(array):-1:1), class(array));
end
