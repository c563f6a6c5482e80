"""`python -m dxkit`, for where the command is not on the path."""

from dxkit.cli import main

if __name__ == "__main__":
    main()
