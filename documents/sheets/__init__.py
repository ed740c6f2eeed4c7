"""Registers and lists of people as workbooks: from the bytes of an office's file to rows with their places."""
