"""Projects: a project file, a folder or a single source in; the ordered list of sources and the
settings out.
"""

from clef.project.project import Project

__all__ = ["Project"]
