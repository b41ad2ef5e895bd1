"""Every row of the tests' table: one or more per op, by family."""

from op_row import LIBRARIES
from op_rows_arrays import ARRAYS
from op_rows_elements import ELEMENTS

__all__ = ["LIBRARIES", "ROWS"]

ROWS = [*ELEMENTS, *ARRAYS]
