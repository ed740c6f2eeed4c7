"""The sample year played with the clock moved, through the same use cases as real life."""
