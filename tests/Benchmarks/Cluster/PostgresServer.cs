using System.Diagnostics;
using System.Globalization;

namespace Relo.Benchmarks.Cluster;

/// <summary>A PostgreSQL server on a free port, with data of its own.</summary>
internal sealed class PostgresServer : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("relo-postgres-").FullName;
    private readonly int _port = Ports.Free();
    private readonly string _bin;

    private PostgresServer(string bin) => _bin = bin;

    /// <summary>Its process id; the processes of its connections are children of it.</summary>
    public int Pid => int.Parse(File.ReadLines(Path.Combine(Data, "postmaster.pid")).First(), CultureInfo.InvariantCulture);

    /// <summary>What <c>Archive:Database</c> is for a database of this server, which the first node creates the tables of.</summary>
    public string ConnectionString =>
        string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={_port};Username=postgres;Database=postgres");

    /// <summary>Why it cannot be started here; null if it can.</summary>
    public static string? Missing => Programs.Any() && Environment.UserName == "root"
        ? null
        : "PostgreSQL is not installed, or the user is not root";

    private static IEnumerable<string> Programs => Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql").Order(StringComparer.Ordinal).Select(version => Path.Combine(version, "bin"))
        : [];

    /// <summary>Starts it.</summary>
    public static PostgresServer Start()
    {
        var server = new PostgresServer(Programs.Last());
        Run("chown", "postgres:", server._folder);
        server.AsPostgres("initdb", "-D", server.Data, "-A", "trust", "-U", "postgres", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync");
        File.AppendAllText(
            Path.Combine(server.Data, "postgresql.conf"),
            string.Create(CultureInfo.InvariantCulture,
                $"port = {server._port}\nlisten_addresses = '127.0.0.1'\nunix_socket_directories = '{server._folder}'\nfsync = off\n"));
        server.Control("start");
        return server;
    }

    /// <summary>Breaks all connections off as a crash does, and starts again.</summary>
    public void Restart() => Control("restart", "-m", "immediate");

    /// <inheritdoc/>
    public void Dispose()
    {
        Control("stop", "-m", "immediate");
        Directory.Delete(_folder, recursive: true);
    }

    private string Data => Path.Combine(_folder, "data");

    private void Control(params string[] arguments) =>
        AsPostgres("pg_ctl", [.. arguments, "-w", "-D", Data, "-l", Path.Combine(_folder, "log")]);

    private void AsPostgres(string program, params string[] arguments) =>
        Run("runuser", ["-u", "postgres", "--", Path.Combine(_bin, program), .. arguments]);

    // The server inherits standard output, so standard output must not be a pipe that the caller reads to its end.
    private static void Run(string program, params string[] arguments)
    {
        using var process =
            Process.Start(new ProcessStartInfo("sh", ["-c", "exec \"$@\" >/dev/null 2>&1 </dev/null", "sh", program, .. arguments]))!;
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}");
    }
}
