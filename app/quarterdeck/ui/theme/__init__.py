"""The tokens: colours, type, spacing and icons.

Looks are decided once, here, for both themes; no other folder names a colour.
"""
