using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Relo.Archive.Tests.Fixtures;

/// <summary>
/// Where the tests' archives keep their blobs: in files, or with <c>RELO_TEST_BLOBS=s3</c> in a store that the first test starts. The
/// archives of one folder share a prefix of the bucket.
/// </summary>
internal static class TestBlobs
{
    /// <summary>Key and secret of the store.</summary>
    public const string Key = "S3RVER";

    private const string Bucket = "relo-tests";

    private static readonly Lazy<string> Server = new(Start);

    public static bool AreInS3 => Environment.GetEnvironmentVariable("RELO_TEST_BLOBS") == "s3";

    public static void SkipUnlessFiles() => Assert.SkipWhen(AreInS3, "it is about blobs in files, and RELO_TEST_BLOBS=s3 keeps them in a store");

    /// <summary>The settings of an archive.</summary>
    /// <param name="root">Its folder.</param>
    public static (string Key, string Value)[] SettingsOf(string root) => !AreInS3
        ? []
        :
        [
            ("Archive:Blobs", $"s3://{Bucket}/{Path.GetFileName(root)}"), ("Archive:S3:Endpoint", Server.Value), ("Archive:S3:PathStyle", "true"),
        ];

    private static string Start()
    {
        var program = Path.Combine(Repository(), "tests", "s3rver", "node_modules", ".bin", "s3rver");
        Assert.SkipUnless(File.Exists(program), $"there is no {program}: run npm ci in tests/s3rver");
        var folder = Directory.CreateTempSubdirectory("relo-s3rver-").FullName;
        var port = FreePort();
        // Its continuation tokens use DES, which OpenSSL 3 has only so.
        var start = new ProcessStartInfo("node", ["--openssl-legacy-provider", program, "-d", folder, "-a", "127.0.0.1", "-p", $"{port}", "--no-vhost-buckets", "--configure-bucket", Bucket, "--silent"])
        {
            RedirectStandardInput = true,
        };
        var isStopping = false;
        var process = Run();
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            isStopping = true;
            process.Kill();
            process.WaitForExit();
            Directory.Delete(folder, recursive: true);
        };
        Environment.SetEnvironmentVariable("AWS_ACCESS_KEY_ID", Key);
        Environment.SetEnvironmentVariable("AWS_SECRET_ACCESS_KEY", Key);
        for (var i = 0; !IsUp(port); i++)
        {
            if (i == 600) throw new InvalidOperationException("s3rver does not start");
            Thread.Sleep(50);
        }

        return $"http://127.0.0.1:{port}";

        // It may end when one request deletes what another one reads; the client's retries outlast the restart.
        Process Run()
        {
            var started = Process.Start(start)!;
            started.EnableRaisingEvents = true;
            started.Exited += (_, _) =>
            {
                if (!isStopping) process = Run();
            };
            return started;
        }
    }

    private static bool IsUp(int port)
    {
        try
        {
            using var client = new TcpClient();
            client.Connect(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string Repository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Api.sln"))) folder = folder.Parent;
        return folder?.FullName ?? AppContext.BaseDirectory;
    }
}
