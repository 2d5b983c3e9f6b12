"""Counts for Prometheus: on a loopback port, of kinds and states and times, never of one inquiry."""
