"""The sentences a user sees when something is wrong with what he gave, and the exit codes that go with them."""

__all__ = ["BadInput", "MissingExtra", "ParfocalError", "WrongUsage"]


class ParfocalError(Exception):
    """One clear sentence for the user; the command line prints it and exits with `exit_code`."""

    exit_code = 1


class BadInput(ParfocalError, ValueError):
    """A file or value that cannot be used: unreadable, wrong kind, wrong hash."""

    exit_code = 3


class WrongUsage(ParfocalError):
    """An argument that names something that does not exist."""

    exit_code = 2


class MissingExtra(ParfocalError):
    """Something optional that is not here: a download, a system library, a package."""

    exit_code = 4
