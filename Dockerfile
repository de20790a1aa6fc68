# Handshake Lab in a container. Build: docker build -t handshake-lab .
#        with its version as a label: --build-arg VERSION="$(tools/version)"
# Run:   docker run --rm -p 127.0.0.1:8080:8080 handshake-lab
# With the wire (Docker's default seccomp profile refuses namespaces):
#        docker run --rm -p 127.0.0.1:8080:8080 --security-opt seccomp=deploy/seccomp.json handshake-lab

FROM debian:bookworm-slim AS build
RUN apt-get update -qq \
 && apt-get install -y -qq --no-install-recommends gcc libc6-dev cmake \
      ninja-build pkg-config libmicrohttpd-dev libcjson-dev libpcap-dev \
      libmnl-dev libcap-dev libseccomp-dev zlib1g-dev libqrencode-dev libcap2-bin \
 && rm -rf /var/lib/apt/lists/*
COPY CMakeLists.txt CMakePresets.json /src/
COPY cmake /src/cmake
COPY include /src/include
COPY scenarios /src/scenarios
COPY src /src/src
COPY web /src/web
RUN cmake -S /src -B /build -G Ninja -DCMAKE_BUILD_TYPE=Release \
      -DHANDSHAKE_TESTS=OFF -DBUILD_TESTING=OFF \
 && cmake --build /build \
 && strip /build/handshake \
 # Permitted, not effective: exec fails with =ep where the container has no
 # NET_RAW to give. The program raises it by itself, to watch loopback.
 && setcap cap_net_raw=p /build/handshake

FROM debian:bookworm-slim
ARG VERSION=unreleased
LABEL org.opencontainers.image.title="Handshake Lab" \
      org.opencontainers.image.description="Watch, hold and break real TCP handshakes" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.licenses="MIT"
RUN apt-get update -qq \
 && apt-get install -y -qq --no-install-recommends libmicrohttpd12 libcjson1 \
      libpcap0.8 libmnl0 libcap2 libseccomp2 zlib1g libqrencode4 \
 && rm -rf /var/lib/apt/lists/*
COPY --from=build /build/handshake /usr/local/bin/handshake
USER 65534:65534
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=3s --start-period=5s \
  CMD ["handshake", "health"]
ENTRYPOINT ["handshake"]
CMD ["serve", "--listen", "0.0.0.0:8080"]
