"""What a test may not leave behind, one module per kind of leftover; ``plugin`` applies them to every test."""
