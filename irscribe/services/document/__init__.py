"""The document: fields, sections and items."""
