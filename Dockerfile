# The container image, for builders that have a daemon; scripts/image makes the same without one. Both take the file
# system from scripts/image, so that they hold the same packages.
#
#   docker build --build-arg REVISION=$(git rev-parse HEAD) --build-arg SOURCE_DATE_EPOCH=$(git log -1 --format=%ct) -t loadline:0.1.0 .
#
# Reproducible as far as its base is: name that by digest, and let BuildKit write the times
# (--output type=image,rewrite-timestamp=true).
ARG DEBIAN=debian:bookworm-slim

FROM ${DEBIAN} AS build
WORKDIR /source
# First the packages, which change seldom.
COPY scripts/common.sh scripts/install-deps scripts/
RUN scripts/install-deps build package
COPY . .
RUN cmake --preset release -DLOADLINE_TESTS=OFF -DLOADLINE_BENCH=OFF && cmake --build --preset release --target loadline
ARG SOURCE_DATE_EPOCH=0
# The state apart: it alone belongs to the user that the program runs as.
RUN scripts/image --root /image && mkdir /state && mv /image/var/lib/loadline /state/

FROM scratch
ARG VERSION=0.1.0
ARG REVISION
LABEL org.opencontainers.image.title="loadline" \
      org.opencontainers.image.description="Right-sizes Kubernetes workloads from the history Prometheus already holds" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.revision="${REVISION}"
COPY --from=build /image/ /
COPY --from=build --chown=65532:65532 /state/ /var/lib/
ENV MALLOC_CONF=thp:always LOADLINE_CONFIG=/etc/loadline/loadline.yaml
USER 65532:65532
WORKDIR /var/lib/loadline
VOLUME /var/lib/loadline
EXPOSE 9804/tcp
ENTRYPOINT ["/usr/bin/loadline"]
CMD ["serve"]
