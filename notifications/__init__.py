"""Delivery: waiting lines are packed into frozen envelopes, and envelopes are dispatched over channels."""
