function levels = to_uint8(F)
% TO_UINT8  Turn fractions into gray levels: the kit's step "uint8", under a name that hides no built-in function.
%
% levels = 255 F, rounded half away from zero, saturated to 0..255
%
% F         any shape, double
% levels    the same shape, uint8

levels = uint8(255 * F);
end
