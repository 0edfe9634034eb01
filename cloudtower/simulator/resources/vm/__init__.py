"""VMs: what becomes of them, and what they are made of."""
