"""What a test did, seen from as close as pytest allows: whether its call raised."""

from __future__ import annotations

from collections.abc import Generator

import pytest


def is_of_subtest(report: pytest.TestReport) -> bool:
    """Whether it tells of a part of a test only."""
    kind = type(report)
    return kind is not pytest.TestReport and kind.__name__ in ("SubtestReport", "SubTestReport")


class Witness:
    """Sees with its own eyes whether a test raised, and says so on the report of its call."""

    def __init__(self) -> None:
        self.raised: dict[str, str] = {}

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, object, object]:
        """As close to the test as can be: what others wrap around it cannot hide its error."""
        try:
            result = yield
        except BaseException as error:
            self.raised[item.nodeid] = type(error).__name__
            raise
        if kept := getattr(item, "_excinfo", None):  # where pytest keeps the errors of unittest
            self.raised[item.nodeid] = kept[0].typename
        elif self.raised:
            self.raised.pop(item.nodeid, None)
        return result

    def tell(self, report: pytest.TestReport) -> None:
        """Say on the report what was seen."""
        if report.when == "call" and not is_of_subtest(report):
            raised = self.raised.pop(report.nodeid, None)
            if raised is not None:
                report.__dict__["gatekeeper_raised"] = raised


class WorkersWitness(Witness):
    """Speaks up before a worker of pytest-xdist sends its report off."""

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """The controller sees what is on the report, and no more."""
        if self.raised:
            self.tell(report)
