# Airflow, the pipeline and the command line, from the locked requirements.
FROM python:3.11-slim

ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    HOME=/tmp

# A new volume takes the owner and the mode of the folder that it covers.
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin kota \
    && install --directory --owner kota --group kota --mode 0700 /var/lib/kota /var/lib/segar \
        /var/lib/siak /var/lib/drops /var/log/airflow \
    && install --directory --owner kota --group kota --mode 0755 /var/lib/kota/published

# The browser that prints the morning report and warms the dashboards, where it is wanted: 400 MB.
ARG WITH_CHROMIUM=no
RUN if [ "$WITH_CHROMIUM" = yes ]; then \
        apt-get update -qq \
        && apt-get install --yes --no-install-recommends chromium \
        && rm -rf /var/lib/apt/lists/*; \
    fi

# The locked file is complete: pip need not (and, for extras, cannot) work out dependencies again.
COPY requirements/pipeline.txt /opt/requirements.txt
RUN --mount=type=secret,id=pip_conf,target=/etc/pip.conf \
    --mount=type=cache,target=/tmp/.cache/pip \
    python -m venv /opt/venv \
    && pip install --quiet --disable-pip-version-check --require-hashes --no-deps \
        --requirement /opt/requirements.txt

# Root's, like everything above: what runs cannot change its own code.
WORKDIR /opt/kota
COPY . .
RUN pip install --quiet --disable-pip-version-check --no-index --no-deps --no-build-isolation --editable . \
    && python -m compileall -q .

USER kota
CMD ["kota", "status"]
