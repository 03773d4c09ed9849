"""Response time, throughput, errors and saturation of services or integrations on one time axis."""
