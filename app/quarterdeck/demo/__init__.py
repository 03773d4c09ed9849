"""A simulated bank: real servers on loopback that the ordinary connectors watch.

It gives a first start something true to show and the tests a world with known faults; it has no side door into the
store.
"""
