"""What the confidence of a reading is worth, and the weights behind it."""
