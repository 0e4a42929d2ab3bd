"""What watches: people, tools and data over time."""
