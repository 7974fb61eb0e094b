"""Facts read from source files: pure functions of their bytes."""
