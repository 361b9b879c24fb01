"""Errors that a user sees as one sentence, and their exit codes."""


class ParfocalError(Exception):
    """One sentence for the user; the command line prints it and exits with `exit_code`."""

    exit_code = 1


class BadInput(ParfocalError, ValueError):
    """A file or value that cannot be used: unreadable, of the wrong kind, with the wrong hash."""

    exit_code = 3


class WrongUsage(ParfocalError):
    """An argument that names something that does not exist."""

    exit_code = 2


class MissingExtra(ParfocalError):
    """An optional part that is missing: a download, a system library, a package."""

    exit_code = 4
