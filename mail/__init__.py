"""A library that makes, signs, sends and understands mail; it knows neither readers nor issues."""
