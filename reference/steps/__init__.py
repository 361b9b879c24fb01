"""The nine steps: one a file, in the paper's order; `table` says what each takes and gives."""

from reference.steps.step_1_gray import gray
from reference.steps.step_2_pyramid import pyramid
from reference.steps.step_3_score_map import FocusNetwork, score_map
from reference.steps.step_4_focus_map import focus_map
from reference.steps.step_5_mixed_pooling import mixed_pooling
from reference.steps.step_6_segmentation import segmentation
from reference.steps.step_7_consistency import consistency
from reference.steps.step_8_guided_filter import guide, guided_filter
from reference.steps.step_9_fusion import fusion

__all__ = [
    "FocusNetwork", "consistency", "focus_map", "fusion", "gray", "guide", "guided_filter", "mixed_pooling",
    "pyramid", "score_map", "segmentation",
]  # fmt: skip
