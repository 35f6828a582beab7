using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Relo.Api.Tests.Fixtures;

namespace Relo.SystemTests.Processes;

/// <summary>Metrics have descriptions, and the dashboard uses existing ones.</summary>
public sealed partial class DashboardTests : IAsyncLifetime
{
    private static readonly Uri Metrics = new("/metrics", UriKind.Relative);

    private readonly string _root = Directory.CreateTempSubdirectory("relo-dashboard-").FullName;

    // Its own process: a metrics listener receives the metrics of all services in its process, and has a limit on their number.
    private RunningProgram? _running;

    private HttpClient Http => _running!.Http;

    public async ValueTask InitializeAsync() => _running = await RunningProgram.StartAsync(_root);

    public ValueTask DisposeAsync()
    {
        _running?.Dispose();
        Directory.Delete(_root, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Every_metric_of_ours_is_explained_and_has_its_unit_in_its_name()
    {
        await AskAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, Metrics).Accepting("application/openmetrics-text; version=1.0.0");
        var text = await (await Http.SendAsync(request)).Content.ReadAsStringAsync();
        var ours = Type().Matches(text).Select(m => m.Groups[1].Value).Where(name => name.StartsWith("relo_", StringComparison.Ordinal))
            .ToList();
        Assert.True(ours.Count >= 16, text);
        Assert.All(ours, name => Assert.Matches($"(?m)^# HELP {name} [A-Z].{{10,}}$", text));
        foreach (var (ending, unit) in new[] { ("_bytes", "bytes"), ("_seconds", "seconds") })
            Assert.All(ours.Where(name => name.EndsWith(ending, StringComparison.Ordinal)),
                name => Assert.Contains($"# UNIT {name} {unit}\n", text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Every_metric_of_the_dashboard_is_one_of_the_service()
    {
        await AskAsync();
        var text = await Http.GetStringAsync(Metrics);
        var there = Sample().Matches(text).Select(m => m.Groups[1].Value).ToHashSet(StringComparer.Ordinal);
        var dashboard = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "src", "Api", "Ops", "grafana.json")))!;
        var expressions = dashboard["panels"]!.AsArray().SelectMany(p => p!["targets"]?.AsArray() ?? []).Select(t => (string)t!["expr"]!)
            .ToList();
        Assert.True(expressions.Count >= 12, $"{expressions.Count} expressions");
        Assert.All(expressions.SelectMany(e => Asked().Matches(e)).Select(m => m.Value), name => Assert.Contains(name, there));
    }

    // Some metrics appear only once they have a value.
    private async Task AskAsync()
    {
        await Http.PostAsync($"/v1/relocations?kernel={Samples.NewKernel}", Answers.Body(Samples.Object));
        await Http.GetAsync("/api/v1/list");
    }

    [GeneratedRegex(@"^# TYPE (\w+) ", RegexOptions.Multiline)]
    private static partial Regex Type();

    [GeneratedRegex(@"^(\w+)[{ ]", RegexOptions.Multiline)]
    private static partial Regex Sample();

    // Names of metrics, unlike those of functions and labels, begin with who measures.
    [GeneratedRegex(@"\b(relo|http_server|kestrel|dotnet)_\w+")]
    private static partial Regex Asked();
}
