using System.Diagnostics;
using System.Globalization;

namespace Relo.Benchmarks.Http;

/// <summary>
/// nginx (apt-get install nginx-light) that sends the files of a folder, configured for speed: sendfile, cached open files, no log, one
/// worker per core.
/// </summary>
internal sealed class Nginx : IDisposable
{
    private readonly Process _process;

    private Nginx(Process process, Uri address, Uri secureAddress) =>
        (_process, Address, SecureAddress) = (process, address, secureAddress);

    /// <summary>Its address.</summary>
    public Uri Address { get; }

    /// <summary>Its address for TLS.</summary>
    public Uri SecureAddress { get; }

    /// <summary>Starts it and waits until it responds.</summary>
    public static async Task<Nginx> StartAsync(TemporaryFolder folder, string files, (string Path, string KeyPath) certificate)
    {
        var (port, tls) = (Ports.Free(), Ports.Free());
        var configuration = folder.File("nginx.conf");
        await File.WriteAllTextAsync(configuration, string.Create(CultureInfo.InvariantCulture, $$"""
            worker_processes 2;
            daemon off;
            user root;
            pid {{folder.File("nginx.pid")}};
            error_log /dev/null;
            events { worker_connections 1024; multi_accept on; }
            http {
                access_log off;
                sendfile on;
                tcp_nopush on;
                keepalive_requests 100000000;
                open_file_cache max=4000;
                default_type application/octet-stream;
                server {
                    listen 127.0.0.1:{{port}};
                    listen 127.0.0.1:{{tls}} ssl;
                    ssl_certificate {{certificate.Path}};
                    ssl_certificate_key {{certificate.KeyPath}};
                    root {{files}};
                }
            }
            """));
        var process = Process.Start(new ProcessStartInfo("nginx", ["-c", configuration, "-e", "/dev/null"]))!;
        var nginx = new Nginx(
            process, new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}")),
            new Uri(string.Create(CultureInfo.InvariantCulture, $"https://127.0.0.1:{tls}")));
        using var client = new HttpClient();
        while (true)
        {
            try
            {
                using var answer = await client.GetAsync(nginx.Address);
                return nginx;
            }
            catch (HttpRequestException) when (!process.HasExited)
            {
                await Task.Delay(20);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }
}
