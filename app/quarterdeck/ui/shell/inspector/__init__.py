"""The inspector: everything known of the one thing that is selected, wherever it was selected."""
