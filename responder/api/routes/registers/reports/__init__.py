"""Reports of residents: public pages, and what staff decide."""
