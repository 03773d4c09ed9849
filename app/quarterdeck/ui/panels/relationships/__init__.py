"""The estate as a map of layers: what depends on what, what a loss takes along, and what explains a trouble."""
