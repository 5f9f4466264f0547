"""Link previews: what the pages that a message links to say of themselves."""
