# Stands in for python:3.13-slim-bookworm, whose Python lies in /usr/local.
FROM localhost/responder-stand-in-debian
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates netbase tzdata python3 python3-pip python3-venv \
    && rm -rf /var/lib/apt/lists/* \
    && ln -s /usr/bin/python3 /usr/local/bin/python
CMD ["python"]
