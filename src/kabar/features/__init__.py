"""The features, or slices: a folder for each thing that people, operators or programs do here."""
