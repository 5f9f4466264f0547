"""One client's conversation as values: what it asks for, what may be had, what is to be done."""
