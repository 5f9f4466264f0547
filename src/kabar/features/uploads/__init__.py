"""Files that people send: taken in, kept, shown to who may see them, and forgotten."""
