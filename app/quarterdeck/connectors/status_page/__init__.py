"""What a partner claims about itself on its status page."""
