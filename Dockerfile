FROM python:3.13-slim-trixie

ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
WORKDIR /srv/pvematrix

# Backups need pg_dump and pg_restore of the server's version, and gpg. Debian 13 has one of each.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends gpg gpg-agent postgresql-client-17 \
    && rm -rf /var/cache/apt/* /var/lib/apt/lists/*

COPY requirements.txt .
# Without the tests of packages and what notebooks need.
RUN pip install --no-cache-dir --require-hashes -r requirements.txt \
    && packages=$(python -c 'import sysconfig; print(sysconfig.get_path("purelib"))') \
    && find "$packages" -type d -name tests -prune -exec rm -r {} + \
    && rm -r "$packages/plotly/labextension" "$(python -c 'import sys; print(sys.prefix)')/share/jupyter"

COPY . .
RUN SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(50))')" ALLOWED_HOSTS=build \
    python manage.py collectstatic --noinput --verbosity 0 \
    && useradd --no-create-home --uid 10001 pvematrix

USER 10001
EXPOSE 8000
ENV BIND=0.0.0.0:8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/readyz', timeout=4)"]
CMD ["sh", "-c", "python manage.py migrate --verbosity 0 && python manage.py load_register && python manage.py load_elsewhere && exec gunicorn pvematrix.wsgi"]
