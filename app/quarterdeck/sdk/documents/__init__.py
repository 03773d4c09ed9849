"""Reading documents that people write by hand, so that every refusal names the line and says why.

YAML and TOML become the same small tree; a section of the tree is then asked for what it must hold. Hostile documents
(bombs, endless nesting, control characters) are refused before anything of them is used.
"""
