"""The slices: what people, and operators, do with Kabar. Each folder has all of one of them."""
