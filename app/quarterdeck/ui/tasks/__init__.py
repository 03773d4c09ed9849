"""Background work for the window, and its only threads.

Two verbs, one for reading and one for changing; results of closed or superseded views are dropped.
"""
