"""What a simulated CloudTower knows when it starts."""
