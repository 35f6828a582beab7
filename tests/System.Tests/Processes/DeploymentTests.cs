using System.ComponentModel;
using System.Diagnostics;
using Relo.Api.Tests.Fixtures;

namespace Relo.SystemTests.Processes;

/// <summary>
/// The files that others run the service by, held against the programs that will read them; where these are not installed the tests are
/// skipped.
/// </summary>
public sealed class DeploymentTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("relo-deployment-").FullName;

    [Fact]
    public async Task Compose_understands_its_file_and_finds_health_checks_and_limits_in_it()
    {
        string[] config = ["-f", Path.Combine(Repository.Root, "docker-compose.yml"), "config"];
        var plugin = await RunAsync("docker", "compose", "version") is { Status: 0 };
        Assert.SkipWhen(!plugin && await RunAsync("docker-compose", "version") is not { Status: 0 },
            "there is neither docker compose nor docker-compose");
        var (status, output) =
            (plugin ? await RunAsync("docker", ["compose", .. config]) : await RunAsync("docker-compose", config))!.Value;
        Assert.True(status == 0, output);
        Assert.All(["healthcheck:", "mem_limit:", "pids_limit:", "cpus:", "stop_grace_period: 30s", "read_only: true"],
            key => Assert.Contains(key, output, StringComparison.Ordinal));
    }

    [Fact]
    public void Compose_publishes_the_port_for_this_machine_alone_as_long_as_it_sets_no_keys()
    {
        var lines = File.ReadAllLines(Path.Combine(Repository.Root, "docker-compose.yml")).Where(line => !line.TrimStart().StartsWith('#'))
            .ToList();
        var ports = lines.Index().Where(line => line.Item.Trim() == "ports:")
            .SelectMany(line => lines.Skip(line.Index + 1).TakeWhile(port => port.TrimStart().StartsWith('-')))
                .Select(port => port.Trim(' ', '-', '"')).ToList();
        Assert.Equal(2, ports.Count); // of the service, and of the cluster's load balancer
        Assert.DoesNotContain(lines, line => line.Contains("Access__", StringComparison.Ordinal));
        Assert.All(ports, port => Assert.StartsWith("127.0.0.1:", port, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("wwwroot/docs/operation.md")]
    [InlineData("docker-compose.yml")]
    public void Backup_from_a_container_is_told_with_a_folder_of_the_user_of_the_image(string file)
    {
        var user = File.ReadAllLines(Path.Combine(Repository.Root, "Dockerfile"))
            .Single(line => line.StartsWith("USER ", StringComparison.Ordinal))["USER ".Length..].Split(':');
        var backup = File.ReadAllLines(Path.Combine(Repository.Root, file))
            .Where(line => line.Contains("relo backup /backup", StringComparison.Ordinal)).ToList();
        Assert.All(backup,
            line => Assert.Contains($"install -d -o {user[0]} -g {user[1]} backup && docker compose run", line, StringComparison.Ordinal));
        Assert.NotEmpty(backup);
    }

    [Theory]
    [InlineData("Dockerfile")]
    [InlineData("docker-compose.yml")]
    [InlineData("wwwroot/docs/kubernetes/relo.yaml")]
    public void Every_setting_of_a_deployment_is_one(string path)
    {
        var file = File.ReadAllText(Path.Combine(Repository.Root, path));
        var set = System.Text.RegularExpressions.Regex.Matches(file, @"(\w+(?:__\w+)+)[=:]")
            .Select(m => m.Groups[1].Value.Replace("__", ":", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(set);
        Assert.All(set, key => Assert.True(Api.Settings.KnownSettings.Has(key), key));
    }

    [Fact]
    public async Task Nginx_understands_the_load_balancer_of_the_cluster()
    {
        Assert.SkipWhen(await RunAsync("nginx", "-v") is not { Status: 0 }, "there is no nginx");
        var text = await File.ReadAllTextAsync(
            Path.Combine(Repository.Root, "src", "Api", "Ops", "nginx.conf"), TestContext.Current.CancellationToken);
        var file = Path.Combine(_folder, "nginx.conf");
        // The names are those of the containers.
        await File.WriteAllTextAsync(file,
            text.Replace("node-a", "127.0.0.1", StringComparison.Ordinal)
                .Replace("node-b", "127.0.0.2", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        var (status, output) = (await RunAsync("nginx", "-t", "-c", file))!.Value;
        Assert.True(status == 0, output);
    }

    [Fact]
    public async Task Systemd_understands_the_unit_and_finds_little_that_it_may_do()
    {
        Assert.SkipWhen(await RunAsync("systemd-analyze", "--version") is not { Status: 0 }, "there is no systemd-analyze");
        var text = await File.ReadAllTextAsync(
            Path.Combine(Repository.Root, "src", "Api", "Ops", "relo.service"), TestContext.Current.CancellationToken);
        const string dotnet = "/usr/bin/dotnet ";
        Assert.Contains(dotnet, text, StringComparison.Ordinal);
        var unit = Path.Combine(_folder, "relo.service");
        // the path of .NET on this machine does not matter
        await File.WriteAllTextAsync(
            unit, text.Replace(dotnet, "/bin/true ", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        Assert.Equal((0, ""), await RunAsync("systemd-analyze", "verify", "--man=no", unit));
        // 0 is a service that may do nothing, 100 one that runs as root and may do everything.
        var (status, output) = (await RunAsync("systemd-analyze", "security", "--offline=yes", "--threshold=20", unit))!.Value;
        Assert.True(status == 0, output);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>Exit status and all output; null if the program is not installed.</summary>
    private static async Task<(int Status, string Output)?> RunAsync(string program, params string[] arguments)
    {
        try
        {
            using var process =
                Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var error = process.StandardError.ReadToEndAsync();
            var output = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            return (process.ExitCode, output + await error);
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
