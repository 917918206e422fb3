"""Builds the images of docker-compose.yml without a container engine, and runs them as that file says."""
