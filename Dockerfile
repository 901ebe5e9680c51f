FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
# For another processor: --build-arg RUNTIME=linux-arm64
ARG RUNTIME=linux-x64
WORKDIR /build

# Packages change less often than code, so they are a layer of their own.
COPY Directory.*.props global.json .editorconfig ./
COPY src/NewsApi/NewsApi.csproj src/NewsApi/
RUN dotnet restore src/NewsApi --runtime $RUNTIME -p:PublishReadyToRun=true

COPY src src
RUN dotnet publish src/NewsApi --no-restore --configuration Release --runtime $RUNTIME --no-self-contained -p:PublishReadyToRun=true --output /app

FROM mcr.microsoft.com/dotnet/aspnet:10.0
# ICU sorts German and normalises names, tzdata knows Europe/Rome; without them the program refuses to start. curl is for the health check.
RUN apt-get update \
    && apt-get install -y --no-install-recommends curl tzdata "$(apt-cache search --names-only '^libicu[0-9]+$' | cut -d ' ' -f 1 | sort -V | tail -n 1)" \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --user-group --no-create-home --home-dir /app newsapi \
    && mkdir -p /app/data \
    && chown newsapi:newsapi /app/data
COPY --from=build /app /app

WORKDIR /app
USER 10001
ENV ASPNETCORE_URLS=http://+:8080 \
    ASPNETCORE_HTTP_PORTS= \
    DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=false
EXPOSE 8080
VOLUME /app/data
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s CMD ["curl", "--fail", "--silent", "--show-error", "--output", "/dev/null", "http://localhost:8080/health/ready"]
ENTRYPOINT ["dotnet", "NewsApi.dll"]
