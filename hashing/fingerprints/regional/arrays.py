"""Names for the array types that pass between the parts."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
Floats = NDArray[np.float32]
Counts = NDArray[np.int32]
Mask = NDArray[np.bool_]
Hammings = NDArray[np.uint16]
