"""`python -m surveys` runs the command line."""

from surveys.cli import main

if __name__ == "__main__":
    main()
