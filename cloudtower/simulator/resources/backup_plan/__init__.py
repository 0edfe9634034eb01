"""Backup: plans, their executions, the restore points that these make, and restoring."""
