# Stands in for node:24-bookworm-slim.
FROM localhost/responder-stand-in-debian
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates nodejs npm \
    && rm -rf /var/lib/apt/lists/*
