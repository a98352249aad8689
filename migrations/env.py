"""How Alembic reaches the database: through the connection it was handed, or as statements on paper."""

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
