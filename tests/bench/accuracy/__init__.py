"""How true the analysis is, scored on recorded and generated data that it was not tuned on."""
