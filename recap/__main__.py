"""`python -m recap` is `recap`."""

from recap.cli import main

if __name__ == "__main__":
    main()
