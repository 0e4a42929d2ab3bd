"""The file-format adapter: bytes of a resume to text with offsets."""
