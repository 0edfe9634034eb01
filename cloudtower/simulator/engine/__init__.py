"""What a tower runs on: the world with its records, tasks, filters, the clock, a state file."""
