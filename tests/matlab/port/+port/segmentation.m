function B = segmentation(FM, threshold)
% SEGMENTATION  Decide for every pixel whether A or B is in focus.
%
% B(y, x) = 1 where FM(y, x) > 0.5, else 0      (paper, section 3.1.2)
%
% FM          (H, W) double in [0, 1]
% threshold   strictly greater: a tie goes to image B
% B           (H, W) logical, true = A

B = FM > threshold;
end
