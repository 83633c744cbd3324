"""The most memory a benchmark's process ever held."""

import resource


def peak_mib() -> int:
    """Give it in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
