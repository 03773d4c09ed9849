"""Which policies hold, for whom and since when; and behind every verdict the very evidence it rests on."""
