using System.Net;
using System.Text.Json.Nodes;
using Relo.Api.Compatibility.Sarif;
using Relo.Api.Inputs;
using Relo.Api.Tests.Fixtures;
using Relo.Archive.Tests.Fixtures;
using Relo.Core.Btf;
using Relo.Core.Bytes;
using Relo.Core.Objects;

namespace Relo.Api.Tests.Compatibility;

public sealed class CompatibilitySarifTests : IDisposable
{
    private const string MediaType = "application/sarif+json";

    private readonly ServiceHost _service = new(root: null, ServiceHost.WithoutLayouts);

    private HttpClient Http => _service.Http;

    [Fact]
    public async Task Each_access_is_one_result_at_its_line_with_all_kernels_that_have_no_place_for_it()
    {
        await Question.AddAsync(Http, "bbb", MadeUpBtf.WithoutPid());
        var (document, run) = (await Question.DocumentAsync(Http, ""), await RunAsync(""));
        var results = run["results"]!.AsArray();
        var accesses = document["groups"]!.AsArray()
            .SelectMany(group => group!["missing"]!.AsArray().Select(access => (Access: access.Text(), Kernels: group.Kernels())))
            .GroupBy(pair => pair.Access, pair => pair.Kernels).ToList();
        Assert.Contains(accesses, access => access.Count() > 1); // something that several groups have in common, or this shows nothing
        Assert.Equal(accesses.Count, results.Count);
        foreach (var access in accesses)
        {
            var missing = JsonNode.Parse(access.Key)!;
            var result = Assert.Single(results, r => Place(r!) == Place(missing, (bool)missing["reachable"]!))!;
            Assert.Equal(access.SelectMany(kernels => kernels), result["properties"].Kernels());
            Assert.Equal(
                (string?)missing["source"]!["text"], (string?)result["locations"]![0]!["physicalLocation"]!["region"]!["snippet"]!["text"]);
            Assert.Equal((string?)missing["program"], (string?)result["locations"]![0]!["logicalLocations"]![0]!["name"]);
        }

        Assert.Equal(document["verdicts"].Text(), run["properties"]!["verdicts"].Text());
        Assert.Equal(Samples.ObjectDigest.Hex, (string?)run["artifacts"]![0]!["hashes"]!["sha-256"]);
        Assert.True((bool)run["invocations"]![0]!["executionSuccessful"]!);
    }

    [Fact]
    public async Task What_the_verifier_refuses_is_an_error_and_stands_before_what_is_guarded()
    {
        await Question.AddAsync(Http, "bbb", MadeUpBtf.WithoutPid());
        var results = (await RunAsync(""))["results"]!.AsArray();
        var levels = results.Select(result => (string?)result!["level"]).ToList();
        Assert.Equal(["error", "note"], levels.Distinct());
        Assert.Equal(levels.Order(StringComparer.Ordinal), levels);
        Assert.Matches(
            @"^struct task_struct\.pid \(0:2 @ offset 24\) does not exist \(no-field\) on 1 of 3 kernels \(bbb/1/x86_64/6\.6\.6\); the verifier will reject handle_\w+ there$",
            (string?)results[0]!["message"]!["text"]);
    }

    [Fact]
    public async Task A_need_that_kernels_do_not_meet_is_one_result_of_the_object()
    {
        await Question.AddAsync(Http, "poor", MadeUpBtf.WithoutHashMaps());
        var run = await RunAsync("name=tracer.bpf.o");
        var result = Assert.Single(run["results"]!.AsArray(), r => (string?)r!["ruleId"] == "need-map-type")!;
        Assert.Equal("need-map-type", (string?)run["tool"]!["driver"]!["rules"]![(int)result["ruleIndex"]!]!["id"]);
        Assert.Equal(("error", "hash is absent on 1 of 3 kernels (poor/1/x86_64/6.6.6): enum bpf_map_type has no BPF_MAP_TYPE_HASH"),
            ((string?)result["level"], (string?)result["message"]!["text"]));
        Assert.Equal("tracer.bpf.o", (string?)result["locations"]![0]!["physicalLocation"]!["artifactLocation"]!["uri"]);
        Assert.Equal(["poor/1/x86_64/6.6.6"], result["properties"].Kernels());
    }

    [Fact]
    public async Task An_absent_helper_is_one_result_at_its_call()
    {
        var types = new BtfWriter();
        types.Struct("task_struct", 64, new BtfWriter.Member("pid", types.Int("int", 4, 1), 0));
        types.Enum("bpf_func_id", 4, false, ("BPF_FUNC_unspec", 0), ("__BPF_FUNC_MAX_ID", 3));
        await Question.AddAsync(Http, "poor", types.ToBytes());
        var results = (await RunAsync("distro=poor"))["results"]!.AsArray().Where(r => (string?)r!["ruleId"] == "need-helper").ToList();
        Assert.All(results, result => Assert.NotNull(result!["locations"]![0]!["physicalLocation"]!["region"]));
        Assert.Contains(results,
            r => ((string)r!["message"]!["text"]!)
                .StartsWith("call bpf_ktime_get_ns#5 does not exist (unknown-helper) on 1 of 1 kernels", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Object_that_libbpf_would_refuse_is_an_error_with_libbpfs_words()
    {
        await Question.AddAsync(Http, "aaa", MadeUpBtf.Ambiguous());
        var (document, run) = (await Question.DocumentAsync(Http, "distro=aaa"), await RunAsync("distro=aaa"));
        var result = Assert.Single(run["results"]!.AsArray())!;
        Assert.Equal(("relocation-failed", "error"), ((string?)result["ruleId"], (string?)result["level"]));
        var failure = document["groups"]![0]!["failure"]!;
        Assert.StartsWith($"{failure["detail"]}; on 1 of 1 kernels", (string?)result["message"]!["text"], StringComparison.Ordinal);
        Assert.Equal((int)failure["source"]!["line"]!, (int)result["locations"]![0]!["physicalLocation"]!["region"]!["startLine"]!);
    }

    [Fact]
    public async Task Kernel_that_could_not_be_read_is_no_fault_of_the_source_and_the_run_is_not_successful()
    {
        var gone = MadeUpBtf.Of("gone");
        await Question.AddAsync(Http, "gone", gone);
        TestBlobs.SkipUnlessFiles();
        File.Delete(Directory.EnumerateFiles(
            Path.Combine(_service.Root, "blobs", "btf"), $"*{Digest.Of(gone).Hex}", SearchOption.AllDirectories).Single());
        var run = await RunAsync("");
        Assert.False((bool)run["invocations"]![0]!["executionSuccessful"]!);
        var notification = Assert.Single(run["invocations"]![0]!["toolExecutionNotifications"]!.AsArray())!;
        Assert.Equal(("blob-damaged", "error", "gone/1/x86_64/6.6.6"),
            ((string?)notification["descriptor"]!["id"], (string?)notification["level"],
                Assert.Single(notification["properties"].Kernels())));
        Assert.All(run["results"]!.AsArray(), result => Assert.DoesNotContain("gone/1/x86_64/6.6.6", result!["properties"].Kernels()));
    }

    [Fact]
    public async Task Gate_answers_422_with_the_same_log_and_the_problem_in_its_properties()
    {
        await Question.AddAsync(Http, "bbb", MadeUpBtf.WithoutPid());
        var good = await LogAsync("");
        Assert.Null(good["properties"]);
        var gate = await LogAsync("failOn=broken", HttpStatusCode.UnprocessableEntity);
        Assert.Equal(good["runs"].Text(), gate["runs"].Text());
        Assert.Equal(("incompatible-kernels", 422), ((string?)gate["properties"]!["code"], (int)gate["properties"]!["status"]!));
        Assert.Contains("broken on 1 of 3 kernels", (string?)gate["properties"]!["detail"], StringComparison.Ordinal);
        Assert.Equal((await LogAsync("failOn=broken&distro=sample")).Text(), (await LogAsync("distro=sample")).Text());
    }

    [Fact]
    public async Task Fingerprints_tell_accesses_apart_and_stay_the_same()
    {
        var prints = (await RunAsync(""))["results"]!.AsArray().Select(result => (string?)result!["partialFingerprints"]!["access/v1"])
            .ToList();
        Assert.Equal(prints.Count, prints.Distinct().Count());
        await Question.AddAsync(Http, "kin", MadeUpBtf.Of("x"));
        Assert.Equal(
            prints, (await RunAsync(""))["results"]!.AsArray().Select(result => (string?)result!["partialFingerprints"]!["access/v1"]));
    }

    [Theory]
    [InlineData("runqslower.bpf.c", "runqslower.bpf.c")]
    [InlineData("./src/../bpf/a b.c", "bpf/a%20b.c")]
    [InlineData("../bpf/x.c", "../bpf/x.c")]
    [InlineData("/home/runner/work/it/it/bpf/x.c", "file:///home/runner/work/it/it/bpf/x.c")]
    [InlineData("/../x#1?.c", "file:///x%231%3F.c")]
    [InlineData("c:\\x.c", "c%3A%5Cx.c")]
    public void Paths_become_URIs(string path, string uri) => Assert.Equal(uri, SourcePlace.UriOf(path));

    [Fact]
    public void Without_line_information_the_place_is_the_object_itself()
    {
        Assert.Equal(new SarifArtifactLocation("tracer.bpf.o"),
            Assert.Single(SourcePlace.Of(null, null, "tracer.bpf.o")).PhysicalLocation!.ArtifactLocation);
        Assert.Null(Assert.Single(SourcePlace.Of(null, "handle", null)).PhysicalLocation);
        Assert.Empty(SourcePlace.Of(null, null, null));
        Assert.Null(Assert.Single(SourcePlace.Of(new SourceLine("x.c", 0, 0, ""), null, null)).PhysicalLocation!.Region);
        Assert.Equal(new SarifRegion(3, null, new("y();")),
            Assert.Single(SourcePlace.Of(new SourceLine("x.c", 3, 0, "y();"), null, null)).PhysicalLocation!.Region);
    }

    public void Dispose() => _service.Dispose();

    private static (bool, string?, string?, string?, int?) Place(JsonNode missing, bool reachable)
        => (reachable, (string?)missing["local"], (string?)missing["reason"], (string?)missing["program"],
            (int?)missing["source"]!["line"]);

    private static (bool, string?, string?, string?, int?) Place(JsonNode result) =>
        ((string?)result["ruleId"] == "broken-access", (string?)result["properties"]!["local"],
        (string?)result["properties"]!["reason"], (string?)result["properties"]!["program"],
        (int?)result["locations"]![0]!["physicalLocation"]!["region"]!["startLine"]);

    private async Task<JsonNode> RunAsync(string query) => Assert.Single((await LogAsync(query))["runs"]!.AsArray())!;

    private async Task<JsonObject> LogAsync(string query, HttpStatusCode status = HttpStatusCode.OK)
    {
        using var answer = await Question.AskAsync(Http, query, MediaType);
        Assert.Equal((status, MediaType), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        var log = await answer.JsonAsync();
        SarifFormat.Check(log);
        return log;
    }
}
