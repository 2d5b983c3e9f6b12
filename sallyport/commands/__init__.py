"""The commands, a module for each room they open."""
