# Superset behind gunicorn with the city's reports, from the locked requirements.
FROM python:3.11-slim

ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONPATH=/opt/kota \
    HOME=/tmp \
    KOTA_HOME=/var/lib/kota \
    SUPERSET_HOME=/var/lib/superset \
    SUPERSET_CONFIG_PATH=/opt/kota/reports/superset/config.py

# A new volume takes the owner and the mode of the folder that it covers. Another user than the
# pipeline's: the published snapshots are all that this one may read.
RUN useradd --uid 10002 --no-create-home --shell /usr/sbin/nologin superset \
    && install --directory --owner superset --group superset --mode 0700 /var/lib/superset

# The locked file is complete: pip need not (and, for extras, cannot) work out dependencies again.
COPY requirements/superset.txt /opt/requirements.txt
RUN --mount=type=secret,id=pip_conf,target=/etc/pip.conf \
    --mount=type=cache,target=/tmp/.cache/pip \
    python -m venv /opt/venv \
    && pip install --quiet --disable-pip-version-check --require-hashes --no-deps \
        --requirement /opt/requirements.txt

# Root's, like everything above: what runs cannot change its own code.
WORKDIR /opt/kota
COPY city.yml ./
COPY reports reports
COPY docker/superset.sh docker/health.py docker/
RUN python -m compileall -q .

USER superset
EXPOSE 8088
ENTRYPOINT ["docker/superset.sh"]
CMD ["serve"]
