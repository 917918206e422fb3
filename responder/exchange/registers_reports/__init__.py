"""What is printed for residents who report."""
