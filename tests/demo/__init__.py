"""Shows what the plugin and pip-cuda do, as a person would type it."""
