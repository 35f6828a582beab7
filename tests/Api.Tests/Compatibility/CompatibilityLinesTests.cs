using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Relo.Api.Compatibility;
using Relo.Api.Http.Limits;
using Relo.Api.Http.Problems;
using Relo.Api.Inputs;
using Relo.Api.Relocations;
using Relo.Api.Tests.Fixtures;
using Relo.Archive.Kernels;
using Relo.Core.Report;

namespace Relo.Api.Tests.Compatibility;

public sealed class CompatibilityLinesTests
{
    private static readonly ObjectReport Described = new(Samples.ObjectDigest.ToString(), Samples.Object.Length, "little", "GPL", []);

    private static MemoryShare Memory => new MemoryBudget(Options.Create(new LimitOptions())).Share(MemoryUse.Work);

    [Fact]
    public async Task Each_kernel_is_a_line_with_the_progress_and_the_last_line_is_what_JSON_answers()
    {
        using var service = new ServiceHost(root: null);
        await Question.AddAsync(service.Http, "aaa", MadeUpBtf.Ambiguous());
        await Question.AddAsync(service.Http, "twin", Samples.NewBtf);
        await Question.AddAsync(service.Http, "poor", MadeUpBtf.WithoutHashMaps());
        var lines = await Question.LinesAsync(service.Http, "name=x");
        Assert.Equal(6, lines.Count);
        Assert.Equal((await Question.DocumentAsync(service.Http, "name=x")).Text(), lines[^1].Text());
        Assert.Equal([(1, 5), (2, 5), (3, 5), (4, 5), (5, 5)],
            lines[..^1].Select(line => ((int)line["progress"]!["done"]!, (int)line["progress"]!["kernels"]!)));
        Assert.Contains(lines[..^1], line => line["checks"]!.AsArray().Count > 0);
        foreach (var group in lines[^1]["groups"]!.AsArray())
        {
            foreach (var kernel in group.Kernels())
            {
                var line = lines[..^1].Single(l => (string?)l["kernel"] == kernel);
                Assert.All(["verdict", "patched", "missing", "checks", "failure"],
                    member => Assert.Equal(group![member].Text(), line[member].Text()));
            }
        }
    }

    [Fact]
    public async Task Gate_speaks_in_the_last_line_because_the_status_is_sent_before()
    {
        using var service = new ServiceHost(root: null);
        var last = (await Question.LinesAsync(service.Http, "failOn=poisoned"))[^1];
        Assert.Equal(("incompatible-kernels", 422, "/problems/incompatible-kernels"),
            ((string?)last["code"], (int)last["status"]!, (string?)last["type"]));
        var document = await Question.DocumentAsync(service.Http, "");
        Assert.All(document, member => Assert.Equal(member.Value.Text(), last[member.Key].Text()));
        Assert.Null((await Question.LinesAsync(service.Http, "failOn=broken"))[^1]["code"]);
    }

    [Fact]
    public async Task Lines_are_sent_before_the_pass_has_ended()
    {
        using var sent = new MemoryStream();
        var http = new DefaultHttpContext { Response = { Body = sent } };
        var counts = new List<int>();
        await new CompatibilityLines(new CompatibilityBegun(Described, Kernels(20), FindingsAsync(), Memory), "x", FailOn.Nothing)
            .ExecuteAsync(http);
        Assert.Equal(Enumerable.Range(0, 20), counts); // when a kernel is about to be looked at, the lines of all before it are out
        Assert.Equal(21, LinesOf(sent));

        async IAsyncEnumerable<KernelFinding> FindingsAsync()
        {
            foreach (var kernel in Kernels(20))
            {
                await Task.Yield();
                counts.Add(LinesOf(sent));
                yield return new KernelFinding(kernel, null, new("kernel-not-found", "gone"));
            }
        }
    }

    [Fact]
    public async Task Answer_that_becomes_too_large_ends_with_the_problem()
    {
        using var sent = new MemoryStream();
        var http = new DefaultHttpContext { Response = { Body = sent } };
        await new CompatibilityLines(new CompatibilityBegun(Described, Kernels(2), TooLargeAsync(), Memory), "x", FailOn.Nothing)
            .ExecuteAsync(http);
        var last = JsonNode.Parse(Encoding.UTF8.GetString(sent.ToArray()).TrimEnd('\n').Split('\n')[^1])!;
        Assert.Equal(("report-too-large", 413), ((string)last["code"]!, (int)last["status"]!));

        static async IAsyncEnumerable<KernelFinding> TooLargeAsync()
        {
            await Task.Yield();
            yield return new KernelFinding(Kernels(1)[0], null, new("kernel-not-found", "gone"));
            throw new RefusedException(Problem.ReportTooLarge("the outcomes are too large"));
        }
    }

    [Fact]
    public async Task Answer_that_ends_early_does_not_look_whole()
    {
        using var sent = new MemoryStream();
        var http = new DefaultHttpContext { Response = { Body = sent } };
        var aborted = new Aborted();
        http.Features.Set<Microsoft.AspNetCore.Http.Features.IHttpRequestLifetimeFeature>(aborted);
        var answer = new CompatibilityLines(new CompatibilityBegun(Described, Kernels(2), FailingAsync(), Memory), "x", FailOn.Nothing);
        await Assert.ThrowsAsync<InvalidDataException>(() => answer.ExecuteAsync(http));
        Assert.True(aborted.IsAborted);
        Assert.Equal(1, LinesOf(sent));

        static async IAsyncEnumerable<KernelFinding> FailingAsync()
        {
            await Task.Yield();
            yield return new KernelFinding(Kernels(1)[0], null, new("kernel-not-found", "gone"));
            throw new InvalidDataException("a defect");
        }
    }

    internal static List<Kernel> Kernels(int count) =>
        [.. Enumerable.Range(0, count)
            .Select(i => new Kernel($"d/1/x86_64/{i}", "d", "1", "x86_64", $"{i}", default, 0, "upload", default, []))];

    private static int LinesOf(MemoryStream sent) => sent.ToArray().Count(b => b == '\n');

    private sealed class Aborted : Microsoft.AspNetCore.Http.Features.IHttpRequestLifetimeFeature
    {
        public bool IsAborted { get; private set; }

        public CancellationToken RequestAborted { get; set; }

        public void Abort() => IsAborted = true;
    }
}
