"""Commands as a person types them, on a real conda with the plugin, by real installs."""
