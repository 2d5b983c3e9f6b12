"""Lets `python -m sallyport` be the command."""

from sallyport.main import main

main()
