"""The machine the console runs on: processors, memory, disks, network, pressure, and who uses most."""
