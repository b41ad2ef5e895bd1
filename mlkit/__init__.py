"""An autodiff package small enough to read: NumPy in, derivatives out."""
