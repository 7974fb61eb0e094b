"""GitHub integration: proposing a workflow's documents as a pull request."""

from github.gateway import GitHubGateway, GitHubUnavailable
from github.proposal import Proposal

__all__ = ["GitHubGateway", "GitHubUnavailable", "Proposal"]
