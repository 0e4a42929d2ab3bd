"""The only folder in core that knows Streamlit."""
