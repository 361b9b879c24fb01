"""Numbers made by MATLAB, or by Octave, on anybody's machine, and the comparison with ours."""
