"""What each role comes for, read in a fixed number of queries: a file a role, each giving sections of matters."""
