"""The subcommands: each adds its arguments and runs; the first line of a module is its help."""
