"""The command line: a module for each command adds its options and runs it; its first line is the command's help."""
