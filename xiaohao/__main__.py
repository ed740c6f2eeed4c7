"""`python -m xiaohao` is the command line, where the script is not on the path."""

from xiaohao.cli import main

main()
