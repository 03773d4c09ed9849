"""Widgets that know nothing of the domain.

They show what they are given, as plain text, in the colours of the theme.
"""
