"""Carries numbers of jobs to workers on several hosts, by RQ on Redis or Valkey. What it loses costs time only."""
