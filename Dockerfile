# One image for every process of the application; the command says which: serve, live or migrate.
FROM node:24-bookworm-slim AS page
WORKDIR /page
COPY static/package.json static/package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund

FROM python:3.13-slim-bookworm AS packages
WORKDIR /build
COPY requirements.lock ./
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes --only-binary=:all: -r requirements.lock

FROM python:3.13-slim-bookworm
RUN useradd --system --uid 10001 --no-create-home --home-dir /nonexistent responder
WORKDIR /app
COPY --from=packages /opt/venv /opt/venv
COPY --from=page /page/node_modules static/node_modules
COPY geo geo
COPY responder responder
COPY static static
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONPATH=/app \
    PYTHONUNBUFFERED=1 \
    RESPONDER_HOST=0.0.0.0
# The file system is read-only where it runs, so what Python would remember is made here.
RUN python -m compileall -q geo responder
USER 10001
EXPOSE 8000 8001
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
ENTRYPOINT ["python", "-m", "responder"]
CMD ["serve"]
