"""The generic workflow engine: cases, the one door that changes them, their history and their clock."""
