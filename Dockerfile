# syntax=docker/dockerfile:1

# Compiles. Needs the dev dependencies, and not PostgreSQL's binaries.
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN --mount=type=cache,target=/root/.npm npm ci
COPY nest-cli.json tsconfig.json tsconfig.build.json ormconfig.ts ./
COPY src ./src
COPY test ./test
# Without the client's package, which is no part of the image.
RUN npx nest build

# What the program needs at run time, and no more: no dev dependencies, no embedded PostgreSQL (an optional dependency),
# and of googleapis only Gmail, the one API that is imported. The last line fails the build if that is ever too little.
FROM node:24-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN --mount=type=cache,target=/root/.npm npm ci --omit=dev --omit=optional --ignore-scripts
RUN find node_modules/googleapis/build/src/apis -mindepth 1 -maxdepth 1 ! -name gmail -exec rm -rf {} + \
  && node -e "require('googleapis/build/src/apis/gmail/index.js').gmail({ version: 'v1' })"

FROM node:24-bookworm-slim
ARG VERSION=0.1.0
LABEL org.opencontainers.image.title="Inboxwire" \
  org.opencontainers.image.description="Gmail push notifications as a reliable, ordered stream of change events" \
  org.opencontainers.image.licenses="MIT" \
  org.opencontainers.image.version="${VERSION}"
ENV NODE_ENV=production HOST=0.0.0.0 MALLOC_ARENA_MAX=2
WORKDIR /app
COPY --from=dependencies /app/node_modules ./node_modules
COPY --from=build /app/dist/src ./dist/src
# For TypeORM's command line: `node node_modules/typeorm/cli.js -d dist/ormconfig.js migration:show`
COPY --from=build /app/dist/ormconfig.js ./dist/
COPY package.json LICENSE ./
USER node
EXPOSE 3000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 3000}/health/live`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--enable-source-maps", "--max-semi-space-size=16", "--heap-growing-percent=40", "dist/src/main.js"]
