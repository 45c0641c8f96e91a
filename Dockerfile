# JupyterLab with the course and its kernel, for `docker run` and for JupyterHub: docs/deploy.md.
FROM node:24-trixie-slim

# Lab 4 and JupyterHub 5 as Debian has them: one source, and the commands below can be tried without an engine.
RUN apt-get update \
 && apt-get install -y --no-install-recommends git jupyter-client jupyterhub jupyterlab tini \
 && rm -rf /var/lib/apt/lists/*

# The name and the number that JupyterHub's documentation and repo2docker use; node's images give 1000 to "node".
RUN userdel --remove node \
 && useradd --create-home --shell /bin/bash --uid 1000 jovyan

# What is here stays as it is; learners get a copy in their home, which is often a volume mounted over this one's.
COPY . /opt/unrolled
WORKDIR /opt/unrolled
RUN node lib/bin/unrolled.mjs build \
 && JUPYTER_DATA_DIR=/usr/local/share/jupyter node lib/bin/unrolled.mjs kernel \
 && install -D -m 644 docker/jupyter_server_config.json /etc/jupyter/jupyter_server_config.json \
 && find exercises lib/src notebooks package-lock.json test -type f | sort | xargs sha256sum | sha256sum > .image \
 && rm -rf /root/.npm

ENV LANG=C.UTF-8
USER jovyan
WORKDIR /home/jovyan
EXPOSE 8888
ENTRYPOINT ["tini", "--", "/opt/unrolled/docker/start.sh"]
