"""Writers of what leaves the console: the tables and JSON of the terminal.

A format's library and its quirks stay behind one function, away from the use cases that decide what is written.
"""
