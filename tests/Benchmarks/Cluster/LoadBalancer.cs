using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Relo.Benchmarks.Cluster;

/// <summary>nginx with the configuration that Relo ships, in front of nodes on this machine.</summary>
internal sealed class LoadBalancer : IDisposable
{
    private const string Listen = "listen 8080;";

    private readonly string _folder = Directory.CreateTempSubdirectory("relo-nginx-").FullName;
    private readonly Process _process;

    /// <summary>Starts it.</summary>
    /// <param name="nodes">Their addresses.</param>
    /// <param name="shipped">The configuration, <c>src/Api/Ops/nginx.conf</c>.</param>
    public LoadBalancer(IEnumerable<Uri> nodes, string shipped)
    {
        var port = Ports.Free();
        Address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));
        var file = Path.Combine(_folder, "nginx.conf");
        File.WriteAllText(file, ConfigurationOf(nodes, File.ReadAllText(shipped), port));
        _process = Process.Start(
            "nginx", ["-c", file, "-e", Path.Combine(_folder, "error.log"), "-g", $"daemon off; user root; pid {_folder}/pid;"]);
    }

    /// <summary>Why it cannot be started here; null if it can.</summary>
    public static string? Missing => File.Exists("/usr/sbin/nginx") ? null : "nginx is not installed";

    /// <summary>Its process id; its workers are children of it.</summary>
    public int Pid => _process.Id;

    /// <summary>Its address.</summary>
    public Uri Address { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    // The shipped file with other names for the nodes and another port.
    private static string ConfigurationOf(IEnumerable<Uri> nodes, string shipped, int port)
    {
        var servers = Regex.Matches(shipped, "server node-[a-z]:8080(.*;)\n");
        if (servers.Count != 2 || !shipped.Contains(Listen, StringComparison.Ordinal))
            throw new InvalidOperationException($"nginx.conf has no two nodes, or no '{Listen}'");
        var first = true;
        var named = Regex.Replace(shipped, " *server node-[a-z]:8080(.*;)\n", line =>
        {
            var ours = first ? string.Concat(nodes.Select(node => $"server {node.Authority}{line.Groups[1].Value}\n")) : "";
            first = false;
            return ours;
        });
        return named.Replace(Listen, $"access_log off; listen 127.0.0.1:{port};", StringComparison.Ordinal);
    }
}
