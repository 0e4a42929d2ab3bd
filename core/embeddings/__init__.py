"""The embeddings adapter: MiniLM on this machine."""
