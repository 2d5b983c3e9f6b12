"""Texts and looks, as data: one folder per reader. `templates/static` holds what both sites send to a browser."""
