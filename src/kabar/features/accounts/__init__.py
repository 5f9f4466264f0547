"""Accounts: users, registration, sign-in, sessions, access tokens and profiles."""
