"""What things are: frozen dataclasses and pure rules.

The vocabulary every other layer speaks, kept free of everything but the standard library so that a rule can be read,
tested and trusted without a store, a network or a window.
"""
