# syntax=docker/dockerfile:1
# Build: docker build -t relo .      Run: docker run -p 8080:8080 -v relo-data:/data relo
FROM mcr.microsoft.com/dotnet/sdk:10.0-noble AS build
WORKDIR /source
ENV DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

# The files that decide the packages come first, so that a change of code does not restore them again.
COPY global.json Directory.Build.props Directory.Packages.props ./
COPY src/Core/Core.csproj src/Core/packages.lock.json src/Core/
COPY src/Archive/Archive.csproj src/Archive/packages.lock.json src/Archive/
COPY src/Api/Api.csproj src/Api/packages.lock.json src/Api/
# For the platform of the image (--ucr), so that it is compiled ahead of time.
RUN dotnet restore src/Api/Api.csproj --locked-mode --ucr

# .editorconfig decides which warnings there are, and warnings are errors.
COPY .editorconfig ./
COPY src src
COPY wwwroot wwwroot
RUN dotnet publish src/Api/Api.csproj --configuration Release --no-restore --ucr --output /app -p:UseAppHost=false
# The volume takes its owner from this folder, and the last image has no shell to make it with.
RUN mkdir /empty

FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled
WORKDIR /app
COPY --from=build /app .
COPY --from=build --chown=1654:1654 /empty /data

# The base image's own port setting is emptied, or it and ASPNETCORE_URLS would cause a warning in the log at every start.
# No pahole, so a vmlinux that has debug information but no .BTF is refused, and the message says so. Import it with the program outside of the image (into the same
# archive), or upload the BTF that "pahole -J --btf_encode_detached" writes.
# No diagnostics pipe: it wants a writable folder. No host kernel: /etc/os-release in here is the image's, not the host's.
ENV ASPNETCORE_URLS=http://+:8080 \
    ASPNETCORE_HTTP_PORTS= \
    Archive__Root=/data \
    Archive__RegisterHostKernel=false \
    DOTNET_EnableDiagnostics=0

# 1654 is the user "app" of the .NET images, as a number so that "runAsNonRoot" of Kubernetes can see it.
USER 1654:1654
VOLUME /data
EXPOSE 8080
# No curl in the image: the program asks itself.
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 CMD ["dotnet", "Relo.Api.dll", "--health"]
ENTRYPOINT ["dotnet", "Relo.Api.dll"]
