# syntax=docker/dockerfile:1
# signoff in a container: one binary that has everything in it. See docs/install.md.

FROM rust:1.95-slim-bookworm AS build
WORKDIR /src
COPY . .
# The queries were checked when .sqlx was written, so no database is needed here. The caches stay on
# the machine that builds; the binary has to leave them.
ENV SQLX_OFFLINE=true CARGO_INCREMENTAL=0
RUN --mount=type=cache,target=/usr/local/cargo/registry,sharing=locked \
    --mount=type=cache,target=/src/target,sharing=locked \
    cargo build --release --locked --bin signoff && cp target/release/signoff /signoff

# The same with PostgreSQL's programs, in the version of docker-compose.yml, for `signoff backup` and `signoff restore`.
FROM postgres:17-bookworm AS backup
RUN groupadd --system --gid 10001 signoff \
    && useradd --system --uid 10001 --gid 10001 --home-dir /var/lib/signoff --shell /usr/sbin/nologin signoff \
    && install -d -o signoff -g signoff -m 700 /var/lib/signoff /var/lib/signoff/evidence \
        /var/lib/signoff/key /var/lib/signoff/checkpoints /backup
COPY --from=build /signoff /usr/local/bin/signoff
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
USER 10001:10001
WORKDIR /var/lib/signoff
ENV SIGNOFF_EVIDENCE_DIR=/var/lib/signoff/evidence \
    SIGNOFF_KEY_FILE=/var/lib/signoff/key/signoff.key \
    SIGNOFF_CHECKPOINT_DIR=/var/lib/signoff/checkpoints
ENTRYPOINT ["signoff"]
CMD ["backup"]

FROM debian:12-slim AS server
# A fixed number, so that a volume fits whatever image it was made with.
RUN groupadd --system --gid 10001 signoff \
    && useradd --system --uid 10001 --gid 10001 --home-dir /var/lib/signoff --shell /usr/sbin/nologin signoff \
    && install -d -o signoff -g signoff -m 700 /var/lib/signoff /var/lib/signoff/evidence \
        /var/lib/signoff/key /var/lib/signoff/checkpoints
COPY --from=build /signoff /usr/local/bin/signoff
# The mail server's certificate is checked against these; the slim image has none.
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY LICENSE LICENSE-MIT LICENSE-APACHE /usr/share/doc/signoff/

USER 10001:10001
WORKDIR /var/lib/signoff
ENV SIGNOFF_LISTEN=0.0.0.0:8080 \
    SIGNOFF_EVIDENCE_DIR=/var/lib/signoff/evidence \
    SIGNOFF_KEY_FILE=/var/lib/signoff/key/signoff.key \
    SIGNOFF_CHECKPOINT_DIR=/var/lib/signoff/checkpoints \
    SIGNOFF_LOG_FORMAT=json
VOLUME /var/lib/signoff/evidence /var/lib/signoff/key /var/lib/signoff/checkpoints
EXPOSE 8080
# It stops in good order on SIGTERM, which is what `docker stop` sends.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["signoff", "healthcheck"]
ENTRYPOINT ["signoff"]
CMD ["serve"]
