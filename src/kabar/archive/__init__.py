"""Archives: all that people made, in a file, and back into a database; and out of Slack's."""
