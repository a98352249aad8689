"""Runs Alembic's migrations on the connection in the attributes, or prints them as SQL for a ``url``."""

from alembic import context

from models.schema import metadata

connection = context.config.attributes.get("connection")
if connection is None:
    url = context.config.attributes["url"]
    context.configure(url=url.render_as_string(hide_password=False), target_metadata=metadata, literal_binds=True)
else:
    context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
