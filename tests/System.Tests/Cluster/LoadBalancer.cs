using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Relo.Api.Tests.Fixtures;
using Relo.Benchmarks;

namespace Relo.SystemTests.Cluster;

/// <summary>nginx with the configuration that Relo ships, in front of nodes on this machine.</summary>
internal sealed class LoadBalancer : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("relo-nginx-").FullName;
    private readonly Process _process;

    /// <summary>Starts it; skips the test where it is not installed.</summary>
    /// <param name="nodes">Their addresses.</param>
    public LoadBalancer(IEnumerable<Uri> nodes)
    {
        Assert.SkipUnless(Node.Find("nginx") is not null, "nginx is not installed");
        var port = Ports.Free();
        Address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));
        var file = Path.Combine(_folder, "nginx.conf");
        File.WriteAllText(file, ConfigurationOf(nodes, port));
        _process = Process.Start("nginx", ["-c", file, "-e", Path.Combine(_folder, "error.log"), "-g", $"daemon off; user root; pid {_folder}/pid;"]);
    }

    public Uri Address { get; }

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    // The shipped file with other names for the nodes and another port.
    private static string ConfigurationOf(IEnumerable<Uri> nodes, int port)
    {
        var shipped = File.ReadAllText(Path.Combine(Repository.Root, "src", "Api", "Ops", "nginx.conf"));
        var servers = Regex.Matches(shipped, "server node-[a-z]:8080(.*;)\n");
        Assert.Equal(2, servers.Count);
        var first = true;
        var named = Regex.Replace(shipped, " *server node-[a-z]:8080(.*;)\n", line =>
        {
            var ours = first ? string.Concat(nodes.Select(node => $"server {node.Authority}{line.Groups[1].Value}\n")) : "";
            first = false;
            return ours;
        });
        Assert.Contains("listen 8080;", named, StringComparison.Ordinal);
        return named.Replace("listen 8080;", $"access_log off; listen 127.0.0.1:{port};", StringComparison.Ordinal);
    }
}
