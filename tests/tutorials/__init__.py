"""What people copy from tutorials, end to end: one test or more for each row, T1 to T17."""
