"""The program: puts the house together, and speaks on the command line."""
