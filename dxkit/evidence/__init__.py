"""The files that prove answers: taken in, looked at, hashed, compared and verified."""
