"""The promise to connector authors: protocol, manifest, records and test kit.

A connector sees this layer and the domain, nothing else; what stands here changes only with its version.
"""
