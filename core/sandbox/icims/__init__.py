"""An iCIMS that runs here: its REST API, its faults and a world of people to serve."""
