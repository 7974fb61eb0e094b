def gone() -> int:
    return 1
