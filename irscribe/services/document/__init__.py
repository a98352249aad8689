"""The document: fields, sections, bullets and actionables."""
