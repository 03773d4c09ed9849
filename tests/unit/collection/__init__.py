"""The collector and its coordinators, over fakes."""
