"""The projects service in process, one county per test; other folders name their own fixtures the same."""

from tests.support.projects import county, directory, fresh, projects, running_projects, statements

__all__ = ["county", "directory", "fresh", "projects", "running_projects", "statements"]
