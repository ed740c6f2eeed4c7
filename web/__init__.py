"""The pages: what an officer, a leader and an auditor see of an installation, over plain HTTP and plain forms."""
