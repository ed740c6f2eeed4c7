"""Forms drawn from what an action asks for, and read back into what the door takes."""
