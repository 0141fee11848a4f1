# Mintmark in a container: two volumes, nothing else is written.
#
#   docker build -t mintmark .
#   docker run --read-only -p 127.0.0.1:8787:8787 -v mintmark-data:/data -v mintmark-keys:/keys mintmark

FROM node:24-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# No install script is needed: better-sqlite3 brings its binary, and Node.js is the image's own.
RUN npm ci --omit=dev --ignore-scripts

FROM node:24-slim AS service
# Two arenas of glibc: src/cli/start.ts says why.
ENV NODE_ENV=production MALLOC_ARENA_MAX=2 HOST=0.0.0.0 PORT=8787 DATA_DIR=/data KEYS_DIR=/keys
WORKDIR /app
COPY --from=dependencies /app/node_modules ./node_modules
COPY package.json ./
COPY src ./src
COPY --chown=node:node data/products /data/products
RUN install -d -o node -g node -m 0700 /data /keys
USER node
VOLUME ["/data", "/keys"]
EXPOSE 8787
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health/ready`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--no-allocation-site-pretenuring", "--no-parallel-scavenge", "--min-semi-space-size=8", "--max-semi-space-size=64", "--import", "./src/launch.js", "src/main.ts"]

# For deploy/fly: one volume, which belongs to root at first; products come with the image.
FROM service AS fly
USER root
COPY deploy/fly/start /app/start
COPY data/products ./data/products
ENV DATA_DIR=/data/shop KEYS_DIR=/data/keys PRODUCTS_DIR=/app/data/products
ENTRYPOINT ["/app/start"]
CMD ["node", "--no-allocation-site-pretenuring", "--no-parallel-scavenge", "--min-semi-space-size=8", "--max-semi-space-size=64", "--import", "./src/launch.js", "src/main.ts"]

# The default.
FROM service
