"""What the console does: one module per use case.

The outside world comes in through the protocols of ``ports``, so that every use case runs headless and against fakes.
"""
