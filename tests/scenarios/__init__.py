"""The scenario runner: reported failures, written down as data, checked against the product."""
