# syntax=docker/dockerfile:1
# Two stages: dependencies are built with the tools, the image that runs has neither tools nor build caches.
FROM python:3.13.7-slim-bookworm AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /build
COPY requirements/uv.txt requirements/base.txt ./
RUN python -m venv /opt/venv \
    && /opt/venv/bin/python -m pip install --require-hashes -r uv.txt \
    && /opt/venv/bin/python -m uv pip install --python /opt/venv/bin/python --require-hashes --no-cache -r base.txt \
    && /opt/venv/bin/python -m pip uninstall --yes uv

FROM python:3.13.7-slim-bookworm
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DXPORTAL_ENV=production \
    DXPORTAL_HOME=/var/lib/dxportal \
    DXPORTAL_HOST=0.0.0.0 \
    STATIC_ROOT=/opt/dxportal-static
RUN groupadd --system --gid 10001 dxportal \
    && useradd --system --uid 10001 --gid dxportal --home-dir /var/lib/dxportal --create-home dxportal
COPY --from=build /opt/venv /opt/venv
WORKDIR /opt/dxportal
COPY manage.py ./
COPY dxportal dxportal
COPY assessments assessments
COPY casestudies casestudies
COPY consultations consultations
COPY templates templates
COPY static static
COPY fixtures fixtures
# The static files belong to the code: collected here, with settings that only this step uses.
RUN python -m compileall -q dxportal assessments casestudies consultations \
    && SECRET_KEY=build DATABASE_URL=postgres://build REDIS_URL=redis://build ALLOWED_HOSTS=build \
       DXPORTAL_ORIGIN=https://build EMAIL_URL=smtp://build python manage.py collectstatic --noinput --skip-checks
USER 10001:10001
VOLUME /var/lib/dxportal
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=4 \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/readyz', timeout=4)"]
CMD ["python", "manage.py", "serve"]
