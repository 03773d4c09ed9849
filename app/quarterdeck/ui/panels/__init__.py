"""The panels, one folder each: view, presenter, state.

Panels do not know each other; what they share goes through the shell's selection and range.
"""
