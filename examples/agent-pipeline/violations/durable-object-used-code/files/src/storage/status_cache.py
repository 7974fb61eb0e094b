"""The status of a workflow, kept close at hand."""


from workflows.bases import Keeper


class StatusCache(Keeper):
    """Keeps one status; D1 has the truth."""

    def __init__(self, ctx: object, env: object) -> None:
        super().__init__(ctx, env)
        self.status = "queued"
