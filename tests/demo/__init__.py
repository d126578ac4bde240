"""Shows what the plugin does, as a person would type it."""
