"""What suggests: one package per capability, independent of one another."""
