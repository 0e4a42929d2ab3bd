"""The language-model adapter: any OpenAI-compatible server."""
