# One image for every process of the application; the command says which: serve, live or migrate.
FROM node:24-bookworm-slim AS page
WORKDIR /page
COPY static/package.json static/package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund
COPY static ./
RUN node build.js

FROM python:3.13-slim-bookworm AS packages
# For `strip`, which stays behind in this stage.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends binutils \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /build
COPY requirements.lock docker/trim_venv.sh ./
RUN python -m venv --without-pip /opt/venv \
    && python -m pip --python /opt/venv/bin/python install --no-cache-dir --no-compile --disable-pip-version-check \
        --require-hashes --only-binary=:all: -r requirements.lock \
    && sh trim_venv.sh /opt/venv

FROM python:3.13-slim-bookworm
# What reports on drills are printed with, and a font with Chinese.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig fonts-wqy-microhei \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --no-create-home --home-dir /nonexistent responder
WORKDIR /app
COPY --from=packages /opt/venv /opt/venv
COPY LICENSE NOTICE ./
COPY geo geo
COPY responder responder
COPY static/locales static/locales
COPY --from=page /page/dist static/dist
# The loops of geo/ are compiled for any processor of the platform, so that every machine can read them.
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONPATH=/app \
    PYTHONUNBUFFERED=1 \
    NUMBA_CPU_NAME=generic \
    NUMBA_CACHE_LOCATOR_CLASSES=geo.jit_cache.InTreeReadOnlyLocator \
    RESPONDER_HOST=0.0.0.0
# The file system is read-only where it runs, so what Python and Numba would keep is made here:
# of the application all, of the libraries the modules that it imports.
RUN python -m compileall -q geo responder \
    && python -m geo \
    && python -c "import pkgutil, responder; [__import__(m.name) for m in pkgutil.walk_packages(responder.__path__, 'responder.') if not m.name.endswith('__main__')]"
USER 10001
EXPOSE 8000 8001
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
ENTRYPOINT ["python", "-m", "responder"]
CMD ["serve"]
