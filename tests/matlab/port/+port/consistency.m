function D = consistency(B, area)
% CONSISTENCY  Remove small regions from the map, then from its complement (small holes).
%
% D = not open(not open(B)),  open = keep the 8-connected regions of at least `area` pixels   (paper, section 3.1.3)
%
% B         (H, W) logical
% area      pixels; 0 switches the step off
% D         (H, W) logical; the order matters, holes come second

D = ~bwareaopen(~bwareaopen(B, area), area);
end
