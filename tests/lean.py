"""Options for a pytest that a test starts: no plugin of this suite that it has no use for."""

from __future__ import annotations

STRANGE = ("-p", "no:hypothesispytest")
"""For a project that has no Hypothesis, which takes as long to load as all the rest."""

LEAN = ("-p", "no:cacheprovider", "-p", "no:hypothesispytest", "-p", "no:rerunfailures")
"""For a run that is judged, which may be one of several processes and may be measured."""

ALONE = (*LEAN, "-p", "no:xdist", "-p", "no:xdist.looponfail", "-p", "no:gatekeeper")
"""For a run of one process that this project has no part in."""
