"""Before sending: an application of the operator's may refuse what is said, or change it."""
