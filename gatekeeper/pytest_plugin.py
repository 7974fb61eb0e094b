"""The pytest plugin: the gate at the end of a test run."""
