"""The whole program under fire: mail keeps coming while its processes and its servers are killed."""
