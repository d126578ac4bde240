"""What a user reads: text and JSON made from values, one small function a message."""
