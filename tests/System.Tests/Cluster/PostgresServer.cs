using System.Diagnostics;
using System.Globalization;
using Relo.Benchmarks;

namespace Relo.SystemTests.Cluster;

/// <summary>A PostgreSQL server on a free port, with data of its own.</summary>
internal sealed class PostgresServer : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("relo-postgres-").FullName;
    private readonly int _port = Ports.Free();
    private readonly string _bin;

    private PostgresServer(string bin) => _bin = bin;

    /// <summary>What <c>Archive:Database</c> is for a database of this server, which the first node creates the tables of.</summary>
    public string ConnectionString => string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={_port};Username=postgres;Database=postgres");

    /// <summary>Starts it; skips the test where it is not installed.</summary>
    public static PostgresServer Start()
    {
        var bin = Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin")).LastOrDefault() : null;
        Assert.SkipUnless(bin is not null && Environment.UserName == "root", "PostgreSQL is not installed, or the tests do not run as root");
        var server = new PostgresServer(bin);
        Run("chown", "postgres:", server._folder);
        server.AsPostgres("initdb", "-D", server.Data, "-A", "trust", "-U", "postgres", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync");
        File.AppendAllText(
            Path.Combine(server.Data, "postgresql.conf"),
            string.Create(CultureInfo.InvariantCulture, $"port = {server._port}\nlisten_addresses = '127.0.0.1'\nunix_socket_directories = '{server._folder}'\nfsync = off\n"));
        server.Control("start");
        return server;
    }

    /// <summary>Breaks all connections off as a crash does, and starts again.</summary>
    public void Restart() => Control("restart", "-m", "immediate");

    public void Dispose()
    {
        Control("stop", "-m", "immediate");
        Directory.Delete(_folder, recursive: true);
    }

    private string Data => Path.Combine(_folder, "data");

    private void Control(params string[] arguments) => AsPostgres("pg_ctl", [.. arguments, "-w", "-D", Data, "-l", Path.Combine(_folder, "log")]);

    private void AsPostgres(string program, params string[] arguments) => Run("runuser", ["-u", "postgres", "--", Path.Combine(_bin, program), .. arguments]);

    // The server inherits the standard output, so it must not be a pipe that is read to its end.
    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("sh", ["-c", "exec \"$@\" >/dev/null 2>&1 </dev/null", "sh", program, .. arguments]))!;
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}");
    }
}
