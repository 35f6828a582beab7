using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Relo.Api.Compatibility;
using Relo.Api.Inputs;
using Relo.Api.Tests.Fixtures;
using Relo.Archive.Tests.Fixtures;
using Relo.Core.Bytes;

namespace Relo.Api.Tests.Compatibility;

public sealed class CheckCompatibilityTests : IDisposable
{
    private const string Refusing = "aaa/1/x86_64/6.6.6", Breaking = "bbb/1/x86_64/6.6.6", Kin = "kin/1/x86_64/6.6.6";

    private readonly ServiceHost _service = new(root: null, ServiceHost.WithoutLayouts);

    private HttpClient Http => _service.Http;

    private CompatibilityRunner Runner => _service.Services.GetRequiredService<CompatibilityRunner>();

    [Fact]
    public async Task Kernels_with_the_same_result_are_one_group_the_worst_first_then_the_largest()
    {
        await AddAllAsync();
        var document = await Question.DocumentAsync(Http, "name=run.bpf.o");
        Assert.Equal(
            (Samples.ObjectDigest.ToString(), "run.bpf.o"), ((string?)document["object"]!["sha256"], (string?)document["object"]!["name"]));
        Assert.Equal(5, (int)document["kernels"]!);
        Assert.Equal("""{"ok":0,"guarded":3,"broken":1,"failed":1}""", document["verdicts"].Text());
        var groups = document["groups"]!.AsArray();
        Assert.Equal(["broken", "failed", "guarded", "guarded"], groups.Select(g => (string?)g!["verdict"]));
        Assert.Equal(
            [Breaking, Refusing, $"{Kin} {Samples.NewKernel}", Samples.OldKernel], groups.Select(g => string.Join(' ', g.Kernels())));
    }

    [Fact]
    public async Task Each_kernel_is_told_what_POST_relocations_tells_of_it()
    {
        await AddAllAsync();
        await Question.AddAsync(Http, "poor", MadeUpBtf.WithoutHashMaps());
        foreach (var group in (await Question.DocumentAsync(Http, ""))["groups"]!.AsArray())
        {
            foreach (var kernel in group.Kernels())
            {
                using var answer = await Http.PostAsync($"/v1/relocations?kernel={kernel}", Answers.Body(Samples.Object));
                var report = await answer.JsonAsync();
                if ((string?)group!["verdict"] == "failed")
                {
                    Assert.Equal(((string?)report["code"], (string?)report["detail"]),
                        ((string?)group["failure"]!["code"], (string?)group["failure"]!["detail"]));
                    Assert.Null(group["patched"]);
                    Assert.Empty(group["missing"]!.AsArray());
                    continue;
                }

                Assert.Equal(((string?)report["verdict"], (string?)report["patched"]!["sha256"]),
                    ((string?)group["verdict"], (string?)group["patched"]));
                Assert.Equal(report["fieldChanges"].Text(), group["fieldChanges"].Text());
                var poisoned = report["relocations"]!.AsArray().Where(r => (string?)r!["outcome"] == "poisoned")
                    .Select(r => ((string?)r!["local"], (string?)r["reason"], (string?)r["program"], (int?)r["source"]?["line"]))
                        .Distinct();
                var unmet = report["checks"]!.AsArray().Where(check => (string?)check!["status"] is "absent" or "changed")
                    .Select(check => check.Text());
                Assert.Equal(unmet, group["checks"]!.AsArray().Select(check => check.Text()));
                Assert.Equal(poisoned,
                    group["missing"]!.AsArray()
                        .Select(m => ((string?)m!["local"], (string?)m["reason"], (string?)m["program"], (int?)m["source"]?["line"])));
                Assert.Null(group["failure"]);
            }
        }
    }

    [Fact]
    public async Task A_kernel_that_lacks_what_the_object_needs_is_a_group_before_those_that_do_not()
    {
        await Question.AddAsync(Http, "poor", MadeUpBtf.WithoutHashMaps());
        await Question.AddAsync(Http, "twin", [.. MadeUpBtf.WithoutHashMaps()]);
        var document = await Question.DocumentAsync(Http, "");
        Assert.Equal("""{"ok":0,"guarded":4,"broken":0,"failed":0}""", document["verdicts"].Text());
        var groups = document["groups"]!.AsArray();
        Assert.Equal(["poor/1/x86_64/6.6.6", "twin/1/x86_64/6.6.6"], groups[0].Kernels().Order(StringComparer.Ordinal));
        Assert.Equal(
            """[{"kind":"map-type","name":"hash","status":"absent","evidence":"enum bpf_map_type has no BPF_MAP_TYPE_HASH","programs":[],"optional":false}]""",
            groups[0]!["checks"].Text());
        Assert.All(groups.Skip(1), group => Assert.Empty(group!["checks"]!.AsArray()));

        using var answer = await Question.AskAsync(Http, "failOn=absent");
        var detail = (string?)(await answer.ProblemAsync(HttpStatusCode.UnprocessableEntity, "incompatible-kernels"))["detail"];
        Assert.StartsWith("the object is without something it needs on 2 of 4 kernels; failOn=absent refuses that. First ", detail,
            StringComparison.Ordinal);
        Assert.EndsWith(": hash is absent, enum bpf_map_type has no BPF_MAP_TYPE_HASH", detail, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await Question.AskAsync(Http, "failOn=broken")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await Question.AskAsync(Http, "failOn=broken,absent&distro=sample")).StatusCode);
    }

    [Fact]
    public async Task Kernels_of_the_same_BTF_are_looked_at_once_and_the_same_question_opens_none()
    {
        await Question.AddAsync(Http, "twin", Samples.NewBtf, release: "5.11.0-twin");
        var first = await Question.DocumentAsync(Http, "");
        Assert.Equal((2, 0, 2), (Runner.Tally.Made, Runner.Tally.Hits, Runner.Tally.Count));
        TestBlobs.SkipUnlessFiles();
        foreach (var file in Directory.EnumerateFiles(_service.Root, "*", SearchOption.AllDirectories)
            .Where(f => f.Contains(Digest.Of(Samples.NewBtf).Hex, StringComparison.Ordinal))) File.Delete(file);
        Assert.Equal(first.Text(), (await Question.DocumentAsync(Http, "")).Text());
        Assert.Equal((2, 2), (Runner.Tally.Made, Runner.Tally.Hits));
        Assert.Equal(0, _service.Services.GetRequiredService<Archive.Opened.BtfCache>().BytesOpen);
    }

    [Fact]
    public async Task What_is_known_of_an_object_goes_with_it()
    {
        await Http.PostAsync("/v1/objects?name=tracer", Answers.Body(Samples.Object));
        await Question.DocumentAsync(Http, "object=tracer", new ByteArrayContent([]));
        Assert.Equal(2, Runner.Tally.Count);
        await Http.DeleteAsync($"/v1/objects/{Samples.ObjectDigest.Hex}");
        Assert.Equal((0, 0), (Runner.Tally.Count, Runner.Tally.Bytes));
    }

    [Fact]
    public async Task A_kernel_whose_file_is_damaged_or_gone_is_failed_and_keeps_nobody_from_the_others()
    {
        var (damaged, gone) = (MadeUpBtf.Apart("damaged"), MadeUpBtf.Apart("gone")); // one with known layouts needs no file
        await Question.AddAsync(Http, "damaged", damaged);
        await Question.AddAsync(Http, "gone", gone);
        File.Delete(Blob(gone));
        using (var blob = new FileStream(Blob(damaged), FileMode.Open, FileAccess.Write)) blob.SetLength(0);
        using (var blob = new FileStream(Blob(damaged), FileMode.Open, FileAccess.Write)) blob.Write([.. damaged[..^1], 7]);

        for (var i = 0; i < 2; i++) // what was wrong with the archive is not kept: it may be mended
        {
            var document = await Question.DocumentAsync(Http, "");
            Assert.Equal("""{"ok":0,"guarded":2,"broken":0,"failed":2}""", document["verdicts"].Text());
            Assert.Equal([("damaged/1/x86_64/6.6.6", "blob-damaged"), ("gone/1/x86_64/6.6.6", "blob-damaged")],
                document["groups"]!.AsArray().Where(g => (string?)g!["verdict"] == "failed")
                    .Select(g => (Assert.Single(g.Kernels()), (string?)g!["failure"]!["code"])));
            Assert.DoesNotContain(_service.Root, document.Text(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("failOn=broken&release=5.*", null)] // two guarded
    [InlineData("failOn=broken&distro=kin", null)]
    [InlineData("failOn=poisoned&distro=kin", "guarded on 1 of 1")]
    [InlineData("failOn=broken&distro=bbb", "broken on 1 of 1")]
    [InlineData("failOn=broken&distro=aaa", "failed on 1 of 1")] // nothing known is no pass
    [InlineData("failOn=poisoned", "broken on 1, failed on 1, guarded on 3 of 5")]
    [InlineData("failOn=absent&distro=bbb", null)] // broken, and nothing shows that anything is absent
    [InlineData("failOn=absent&distro=aaa", "failed on 1 of 1")]
    [InlineData("failOn=absent,broken", "broken on 1, failed on 1 of 5 kernels; failOn=broken,absent refuses that")]
    public async Task Gate_answers_422_with_the_same_body(string query, string? detail)
    {
        await AddAllAsync();
        var filter = string.Join('&', query.Split('&').Skip(1));
        var good = await Question.DocumentAsync(Http, filter);
        using var answer = await Question.AskAsync(Http, query);
        if (detail is null)
        {
            Assert.Equal(good.Text(), (await answer.JsonAsync()).Text());
            return;
        }

        var problem = await answer.ProblemAsync(HttpStatusCode.UnprocessableEntity, "incompatible-kernels");
        Assert.Contains(detail, (string?)problem["detail"], StringComparison.Ordinal);
        Assert.All(good, member => Assert.Equal(member.Value.Text(), problem[member.Key].Text()));
    }

    [Fact]
    public async Task Gate_names_the_first_access_with_its_source_line()
    {
        await AddAllAsync();
        using var answer = await Question.AskAsync(Http, "failOn=broken");
        var detail = (string?)(await answer.ProblemAsync(HttpStatusCode.UnprocessableEntity, "incompatible-kernels"))["detail"];
        Assert.Matches(
            @"First bbb/1/x86_64/6\.6\.6: struct task_struct\.pid \(0:2 @ offset 24\) at runqslower-mini\.bpf\.c:\d+: no-field", detail);
    }

    [Fact]
    public async Task Filters_choose_the_kernels()
    {
        await Question.AddAsync(Http, "arm", Samples.NewBtf, "arm64");
        Assert.Equal([Samples.OldKernel], await KernelsAsync("release=5.10.*"));
        Assert.Equal(["arm/1/arm64/6.6.6"], await KernelsAsync("arch=aarch64"));
        Assert.Equal([Samples.NewKernel, Samples.OldKernel],
            (await KernelsAsync("distro=sample&version=1")).Order(StringComparer.Ordinal).Reverse());
        using var form =
            new MultipartFormDataContent
            {
                { new ByteArrayContent(Samples.Object), "object", "run.bpf.o" }, { new StringContent("5.11.*"), "release" },
                { new StringContent("poisoned"), "failOn" },
            };
        using var answer = await Question.AskAsync(Http, "", content: form);
        var problem = await answer.ProblemAsync(HttpStatusCode.UnprocessableEntity, "incompatible-kernels");
        Assert.Equal((Samples.NewKernel, "run.bpf.o"),
            (Assert.Single(Assert.Single(problem["groups"]!.AsArray()).Kernels()), (string?)problem["object"]!["name"]));
    }

    [Fact]
    public async Task Object_that_is_kept_is_named_by_its_tag()
    {
        await Http.PostAsync("/v1/objects?name=tracer", Answers.Body(Samples.Object));
        Assert.Equal((await Question.DocumentAsync(Http, "name=tracer")).Text(),
            (await Question.DocumentAsync(Http, "object=tracer", new ByteArrayContent([]))).Text());
    }

    [Theory]
    [InlineData("object=tracer", HttpStatusCode.BadRequest, "invalid-parameter")] // two objects
    [InlineData("kernel=5.11.0-syscall-work", HttpStatusCode.BadRequest, "unknown-parameter")] // one kernel
    [InlineData("failOn=sometimes", HttpStatusCode.BadRequest, "invalid-parameter")]
    [InlineData("distro=nowhere", HttpStatusCode.NotFound, "kernel-not-found")]
    public async Task Question_that_cannot_be_answered_is_told(string query, HttpStatusCode status, string code)
    {
        foreach (var accept in new[] { "application/json", "application/x-ndjson", "application/sarif+json" })
        {
            using var answer = await Question.AskAsync(Http, query, accept);
            await answer.ProblemAsync(status, code);
        }
    }

    [Fact]
    public async Task Bytes_that_are_no_object_unknown_objects_and_other_media_types_are_refused()
    {
        await (await Http.PostAsync(Question.Route, Answers.Body([1, 2, 3])))
            .ProblemAsync(HttpStatusCode.UnprocessableEntity, "not-a-bpf-object");
        await (await Http.PostAsync($"{Question.Route}?object=nobody", null)).ProblemAsync(HttpStatusCode.NotFound, "object-not-found");
        await (await Http.PostAsync(Question.Route, null)).ProblemAsync(HttpStatusCode.BadRequest, "empty-body");
        await (await Question.AskAsync(Http, "", "text/csv")).ProblemAsync(HttpStatusCode.NotAcceptable, "not-acceptable");
    }

    public void Dispose() => _service.Dispose();

    private async Task AddAllAsync()
    {
        await Question.AddAsync(Http, "aaa", MadeUpBtf.Ambiguous());
        await Question.AddAsync(Http, "bbb", MadeUpBtf.WithoutPid());
        await Question.AddAsync(Http, "kin", MadeUpBtf.Of("x")); // other BTF, of which the object reads nothing
    }

    private string Blob(byte[] btf)
    {
        TestBlobs.SkipUnlessFiles();
        return Directory.EnumerateFiles(
            Path.Combine(_service.Root, "blobs", "btf"), $"*{Digest.Of(btf).Hex}", SearchOption.AllDirectories).Single();
    }

    private async Task<List<string>> KernelsAsync(string query) =>
        [.. (await Question.DocumentAsync(Http, query))["groups"]!.AsArray().SelectMany(g => g.Kernels())];
}
