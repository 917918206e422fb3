"""PostgreSQL and PostGIS: the only place that knows SQLAlchemy and GeoAlchemy2."""
