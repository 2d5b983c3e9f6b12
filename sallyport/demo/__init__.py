"""`sallyport demo`: the whole program at work on inquiries that were written for it."""
