"""Households as an Excel sheet."""
