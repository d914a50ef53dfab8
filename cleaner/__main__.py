"""`python -m cleaner` is the same as `cleaner`."""

from cleaner.cli import main

if __name__ == "__main__":
    main()
