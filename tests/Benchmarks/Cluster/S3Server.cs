using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Relo.Benchmarks.Cluster;

/// <summary>s3rver as a process, on a free port and with a folder of its own.</summary>
internal sealed class S3Server : IDisposable
{
    /// <summary>Its access key, and the secret.</summary>
    public const string Key = "S3RVER";

    private static readonly string Program = Path.Combine(Repository(), "tests", "s3rver", "node_modules", ".bin", "s3rver");

    private readonly string _folder = Directory.CreateTempSubdirectory("relo-s3rver-").FullName;
    private readonly int _port = Ports.Free();
    private readonly string _bucket;
    private volatile Process? _process;

    private S3Server(string bucket) => _bucket = bucket;

    /// <summary>Why it cannot be started here; null if it can.</summary>
    public static string? Missing => File.Exists(Program) ? null : $"there is no {Program}: run npm ci in tests/s3rver";

    /// <summary>For <c>Archive:S3:Endpoint</c>.</summary>
    public string Address => $"http://127.0.0.1:{_port}";

    /// <summary>Starts it with one bucket and waits until it listens.</summary>
    public static S3Server Start(string bucket)
    {
        var server = new S3Server(bucket);
        server.Resume();
        return server;
    }

    /// <summary>Ends it; nothing listens until <see cref="Resume"/>.</summary>
    public void Stop()
    {
        if (Interlocked.Exchange(ref _process, null) is not { } process) return;
        process.Kill();
        process.WaitForExit();
    }

    /// <summary>Starts it again with the same data and waits until it listens.</summary>
    public void Resume()
    {
        _process = Run();
        for (var i = 0; !IsUp(); i++)
        {
            if (i == 600) throw new InvalidOperationException("s3rver does not start");
            Thread.Sleep(50);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Stop();
        Directory.Delete(_folder, recursive: true);
    }

    // It may end when one request deletes what another one reads; the client's retries outlast the restart.
    private Process Run()
    {
        // Its continuation tokens use DES, which OpenSSL 3 has only with this option.
        var process = Process.Start(new ProcessStartInfo(
            "node", ["--openssl-legacy-provider", Program, "-d", _folder, "-a", "127.0.0.1", "-p", $"{_port}", "--no-vhost-buckets",
                "--configure-bucket", _bucket, "--silent"])
        {
            RedirectStandardInput = true,
        })!;
        process.EnableRaisingEvents = true;
        process.Exited += (_, _) =>
        {
            if (_process == process) _process = Run();
        };
        return process;
    }

    private bool IsUp()
    {
        try
        {
            using var client = new TcpClient();
            client.Connect(IPAddress.Loopback, _port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static string Repository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Api.sln"))) folder = folder.Parent;
        return folder?.FullName ?? AppContext.BaseDirectory;
    }
}
