"""Writers of reports and data, one format each.

A format's library and its quirks stay behind one function, away from the use cases that decide what is written.
"""
