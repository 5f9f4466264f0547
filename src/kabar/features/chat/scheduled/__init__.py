"""Scheduled: messages that are said later, at a time that their author chose."""
