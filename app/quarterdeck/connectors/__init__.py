"""The built-in sources, one folder each.

They enter through the same entry points as anyone else's, and know only the sdk, the domain and not each other.
"""
