"""The parts of Anju that run as processes, each with a database of its own. A new service is one more line."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Part:
    """A package with `app`, `worker` and `migrations`; its settings begin with `prefix`."""

    name: str
    package: str
    default_port: int

    @property
    def prefix(self) -> str:
        return f"ANJU_{self.name.upper()}_"

    @property
    def database(self) -> str:
        """Also the name of the role that serves requests."""
        return f"anju_{self.name}"


GATEWAY = Part("gateway", "gateway", 8000)
PROJECTS = Part("projects", "services.projects", 8101)
PETITIONS = Part("petitions", "services.petitions", 8102)
SERVICES = (PROJECTS, PETITIONS)
PARTS = (GATEWAY, *SERVICES)
