# The service's image: the site by default; compose.yaml runs the workers and the beat from it, too.
FROM python:3.11-slim-bookworm AS packages
WORKDIR /build
COPY requirements.txt .
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --disable-pip-version-check -r requirements.txt

FROM python:3.11-slim-bookworm
# What opens documents of Word and WPS, and the letters of their pages; empty for an image without.
ARG LIBREOFFICE="libreoffice-writer-nogui fonts-noto-cjk fonts-liberation"
RUN if [ -n "$LIBREOFFICE" ]; then \
        apt-get update -qq \
        && apt-get install -y -qq --no-install-recommends $LIBREOFFICE \
        && rm -rf /var/lib/apt/lists/*; \
    fi
RUN useradd --system --uid 10001 --user-group --no-create-home bulletin \
    && install --directory --owner bulletin --group bulletin /data
COPY --from=packages /venv /venv
WORKDIR /srv/bulletin
COPY . .
ENV PATH=/venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 DATA_DIR=/data
USER 10001:10001
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=8s --start-period=30s \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/healthz', timeout=6)"]
# gunicorn.conf.py says the rest.
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "bulletin_site.wsgi"]
