"""What the generated code stands on. Nothing here has a public name."""
