"""What mends an environment."""
