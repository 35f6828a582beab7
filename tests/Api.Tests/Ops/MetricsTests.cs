using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Relo.Api.Ops;
using Relo.Api.Tests.Fixtures;

namespace Relo.Api.Tests.Ops;

/// <summary>Meters are global to the process, so a service of another test would be counted too.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;

[Collection(nameof(Alone))]
public sealed partial class MetricsTests
{
    [Fact]
    public async Task What_was_asked_and_what_is_kept_can_be_scraped()
    {
        using var service = new ClockedService();
        (await service.Http.PostAsync("/v1/objects?name=tracer", Answers.Body(Samples.Object))).EnsureSuccessStatusCode();
        for (var i = 0; i < 3; i++) await service.Http.GetAsync($"/v1/relocated/tracer?kernel={Samples.NewKernel}");
        using var answer = await service.Http.GetAsync("/metrics");
        Assert.StartsWith("text/plain", answer.Content.Headers.ContentType?.ToString(), StringComparison.Ordinal);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.Equal(1, Value(text, "relo_results_asked_total", "outcome=\"made\""));
        Assert.Equal(2, Value(text, "relo_results_asked_total", "outcome=\"hit\""));
        Assert.Equal(1, Value(text, "relo_objects_kept", ""));
        Assert.Equal(Samples.Object.Length, Value(text, "relo_objects_size_bytes", ""));
        Assert.Equal(2, Value(text, "relo_kernels", ""));
        Assert.Equal(0, Value(text, "relo_compatibility_kept", ""));
        Assert.Equal(3, Value(text, "relo_use_case_duration_seconds_count", "use_case=\"GetRelocated\""));
        Assert.Equal(3, Value(text, "http_server_request_duration_seconds_count", "http_route=\"/v1/relocated/{ref}\""));
    }

    [Fact]
    public async Task Objects_nobody_uses_go_while_the_service_runs()
    {
        using var service = new ClockedService();
        await service.Http.PostAsync("/v1/objects?name=kept", Answers.Body(Samples.Object));
        await service.Http.PostAsync("/v1/objects", Answers.Body([.. Samples.Object, 1]));
        var tally = service.Services.GetRequiredService<Archive.Objects.ObjectRemoval>().Tally;
        while (tally.RemovedUnused == 0) // counted after all else
        {
            service.Clock.Advance(TimeSpan.FromDays(31) + ObjectCleaner.Every);
            await Task.Delay(20, TestContext.Current.CancellationToken); // the clean-up runs concurrently
        }

        Assert.Equal(1, await CountAsync(service));
        Assert.Equal(HttpStatusCode.OK, (await service.Http.GetAsync("/v1/objects/kept")).StatusCode);
        Assert.Equal(1, tally.RemovedUnused);
    }

    private static async Task<int> CountAsync(ServiceHost service) =>
        (await (await service.Http.GetAsync("/v1/objects")).JsonAsync())["items"]!.AsArray().Count;

    /// <summary>Sum over the lines of a metric that have the label.</summary>
    private static double Value(string text, string metric, string label)
    {
        var values = Line().Matches(text)
            .Where(m => m.Groups["name"].Value == metric && m.Groups["labels"].Value.Contains(label, StringComparison.Ordinal)).ToList();
        Assert.True(values.Count > 0, $"no {metric} with {label} in:\n{text}");
        return values.Sum(m => double.Parse(m.Groups["value"].Value, CultureInfo.InvariantCulture));
    }

    // http_x_count{a="b",c="d"} 3 1700000000
    [GeneratedRegex(@"^(?<name>\w+)(\{(?<labels>.*)\})? (?<value>[0-9.eE+-]+)( \d+)?$", RegexOptions.Multiline)]
    private static partial Regex Line();
}
