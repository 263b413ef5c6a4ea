"""Findings about files and project files (E08xx).

Comes in: what reading and checking a project found. Goes out: diagnostics. Promises: whatever
stands in a project file is pointed at in that file.
"""

from clef.diagnostics.project.dependencies import (
    DependencyByVersion,
    DependencyCycle,
    DependencyMissing,
    PackageNotFetched,
    PackageNotLocked,
)
from clef.diagnostics.project.files import (
    EmptyFile,
    FileNotFound,
    FileTooLarge,
    FileUnreadable,
    ForeignAssembly,
    LoadedFileMissing,
    NestedTooDeeply,
    NotUnicode,
)
from clef.diagnostics.project.settings import (
    MissingKey,
    NotAvailableYet,
    ProjectSyntax,
    UnknownKey,
    WrongType,
    WrongValue,
)
from clef.diagnostics.project.sources import (
    NoProject,
    NotASource,
    NotEvaluated,
    PackageElsewhere,
    SeveralProjects,
    SourceListedTwice,
    SourceMissing,
)

__all__ = [
    "DependencyByVersion",
    "DependencyCycle",
    "DependencyMissing",
    "EmptyFile",
    "FileNotFound",
    "FileTooLarge",
    "FileUnreadable",
    "ForeignAssembly",
    "LoadedFileMissing",
    "MissingKey",
    "NestedTooDeeply",
    "NoProject",
    "NotASource",
    "NotAvailableYet",
    "NotEvaluated",
    "NotUnicode",
    "PackageElsewhere",
    "PackageNotFetched",
    "PackageNotLocked",
    "ProjectSyntax",
    "SeveralProjects",
    "SourceListedTwice",
    "SourceMissing",
    "UnknownKey",
    "WrongType",
    "WrongValue",
]
