"""Channel auth: signing the subscriptions and sign-ins that a user's clients ask for."""
