"""The store: tables, the one writer, repositories, series and migrations.

The only layer that knows SQL and the only one that writes; rows and sessions never leave it.
"""
