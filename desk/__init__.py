"""The use cases, a file each: what both the pages and the command line call."""
