using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Relo.Api.Compatibility;
using Relo.Api.Tests.Fixtures;
using Relo.Archive.Damage;
using Relo.Archive.Index;
using Relo.Core.Bytes;
using Relo.Core.Compatibility;
using Relo.Core.Objects;

namespace Relo.SystemTests.Faults;

/// <summary>A file of the archive is overwritten under a running service that has no upstream archive.</summary>
public sealed class DamagedBlobTests : IDisposable
{
    private readonly ServiceHost _service = new(root: null, ServiceHost.WithoutLayouts);

    [Theory]
    [InlineData("GET", "/v1/kernels/btf?kernel=")]
    [InlineData("GET", "/api/v1/download?distribution=sample&distribution_version=1&arch=x86_64&kernel_version=")]
    [InlineData("POST", "/v1/relocations?kernel=")]
    [InlineData("POST", "/v1/minimal-btf?kernel=")]
    [InlineData("POST", "/v1/minimal-btf?release=")]
    [InlineData("POST", "/v1/bundles?release=")]
    public async Task Damaged_kernel_is_a_problem_of_its_own_and_the_other_one_serves_on(string method, string route)
    {
        DamageKernel();
        using var answer = await SendAsync(method, route + ReleaseOf(Samples.NewKernel));
        var problem = await answer.ProblemAsync(HttpStatusCode.ServiceUnavailable, "blob-damaged");
        Assert.Contains(
            $"{Digest.Of(Samples.NewBtf)} of {Samples.NewKernel} is damaged", (string?)problem["detail"], StringComparison.Ordinal);
        Assert.DoesNotContain(_service.Root, (string?)problem["detail"], StringComparison.Ordinal);
        Assert.Equal("60", answer.Header("Retry-After"));
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(method, route + ReleaseOf(Samples.OldKernel))).StatusCode);

        await (await SendAsync(method, route + ReleaseOf(Samples.NewKernel)))
            .ProblemAsync(HttpStatusCode.ServiceUnavailable, "blob-damaged");
        Assert.Equal(HttpStatusCode.OK, (await AddKernelAsync()).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(method, route + ReleaseOf(Samples.NewKernel))).StatusCode);
    }

    [Fact]
    public async Task Damage_shows_in_the_list_in_readiness_in_the_metrics_and_in_the_log()
    {
        DamageKernel();
        using var _ = await _service.Http.GetAsync($"/v1/btf/{Digest.Of(Samples.NewBtf).Hex}");
        var kernels = (await (await _service.Http.GetAsync("/v1/kernels")).JsonAsync())["items"]!.AsArray();
        Assert.Equal([null, "vmlinux"], kernels.Select(k => (string?)k!["damaged"]?[0]));
        using var ready = await _service.Http.GetAsync("/healthz/ready");
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode); // the others can be asked for
        var archive = (await ready.JsonAsync())["checks"]!["archive"]!;
        Assert.Equal("degraded", (string?)archive["status"]);
        Assert.Contains("2 kernels; BTF of 1 of them", (string?)archive["detail"], StringComparison.Ordinal);
        var metrics = await _service.Http.GetStringAsync("/metrics");
        Assert.Equal((1, 0), (Quarantine.Btf, Quarantine.Objects));
        Assert.Contains("\nrelo_quarantined_total{", metrics, StringComparison.Ordinal);
        Assert.Contains("\nrelo_kernels_damaged", metrics, StringComparison.Ordinal);
        Assert.Contains(_service.Log.Events, e => e.Level == Serilog.Events.LogEventLevel.Error
            && LogLines.Render(e).Contains($"of \"{Samples.NewKernel}\" is damaged and was moved", StringComparison.Ordinal));
        Assert.DoesNotContain(_service.Log.Events, e => e.Exception is not null); // no stack: it is no defect
    }

    [Fact]
    public async Task Many_kernels_leave_the_damaged_one_out_and_say_so()
    {
        DamageKernel();
        var checks = await (await SendAsync("POST", "/v1/compatibility?distro=sample")).JsonAsync();
        Assert.Equal(1, (int)checks["verdicts"]!["failed"]!);
        Assert.Equal(
            "blob-damaged", (string?)checks["groups"]!.AsArray().Single(g => (string?)g!["verdict"] == "failed")!["failure"]!["code"]);

        var bundle = await Bundle.OfAsync(_service.Http, "distro=sample", "application/zip");
        var index = JsonNode.Parse(bundle.Files["index.json"])!;
        Assert.Equal([Samples.OldKernel], index["kernels"]!.AsObject().Select(k => k.Key));
        Assert.Equal("blob-damaged", (string?)index["unusable"]![Samples.NewKernel]!["code"]);

        using var tar = await SendAsync("POST", "/v1/minimal-btf?distro=sample");
        Assert.Equal(HttpStatusCode.OK, tar.StatusCode);
    }

    [Fact]
    public async Task Relocation_that_is_kept_in_memory_needs_no_kernel()
    {
        using var first = await SendAsync("POST", $"/v1/relocations?kernel={Samples.NewKernel}");
        DamageKernel();
        Assert.Equal(HttpStatusCode.OK, (await SendAsync("POST", $"/v1/relocations?kernel={Samples.NewKernel}")).StatusCode);
    }

    [Fact]
    public async Task Damaged_object_is_a_problem_until_it_is_uploaded_again()
    {
        using var added = await _service.Http.PostAsync("/v1/objects?name=tracer", Answers.Body(Samples.Object));
        await File.WriteAllTextAsync(
            Directory.EnumerateFiles(_service.Root, Samples.ObjectDigest.Hex, SearchOption.AllDirectories).Single(), "something else");
        foreach (var route in new[] { "/v1/objects/tracer/file", "/v1/objects/tracer", $"/v1/relocated/tracer?kernel={Samples.NewKernel}" })
        {
            var problem = await (await _service.Http.GetAsync(route)).ProblemAsync(HttpStatusCode.ServiceUnavailable, "blob-damaged");
            Assert.Contains(Samples.ObjectDigest.ToString(), (string?)problem["detail"], StringComparison.Ordinal);
        }

        Assert.Equal((0, 1), (Quarantine.Btf, Quarantine.Objects));
        Assert.Equal(
            HttpStatusCode.OK, (await _service.Http.PostAsync("/v1/objects?name=tracer", Answers.Body(Samples.Object))).StatusCode);
        Assert.Equal(Samples.Object, await _service.Http.GetByteArrayAsync("/v1/objects/tracer/file"));
    }

    [Fact]
    public async Task Kernel_deleted_in_the_middle_of_a_question_fails_alone()
    {
        var kernels = _service.Services.GetRequiredService<KernelIndex>();
        var gone = kernels.Find(Samples.NewKernel)!;
        await _service.Http.DeleteAsync($"/v1/kernels?kernel={Samples.NewKernel}");
        var runner = _service.Services.GetRequiredService<CompatibilityRunner>();
        var check = new CompatibilityCheck(BpfObject.Read(Samples.Object));
        var findings = new List<KernelFinding>();
        await foreach (var finding in runner.RunAsync(Samples.ObjectDigest, check, [kernels.Find(Samples.OldKernel)!, gone],
            TestContext.Current.CancellationToken)) findings.Add(finding);
        Assert.Equal("kernel-not-found", findings.Single(f => f.Kernel.Id == Samples.NewKernel).Failure!.Code);
        Assert.NotNull(findings.Single(f => f.Kernel.Id == Samples.OldKernel).Outcome);
    }

    private Quarantine Quarantine => _service.Services.GetRequiredService<Quarantine>();

    private static string ReleaseOf(string kernel) => kernel.Split('/')[^1];

    private Task<HttpResponseMessage> AddKernelAsync() =>
        _service.Http.PostAsync(
            $"/v1/kernels?distro=sample&version=1&arch=x86_64&release={ReleaseOf(Samples.NewKernel)}", Answers.Body(Samples.NewBtf));

    private Task<HttpResponseMessage> SendAsync(string method, string route) =>
        _service.Http.SendAsync(new(
            new HttpMethod(method), new Uri(route, UriKind.Relative))
        { Content = method == "POST" ? Answers.Body(Samples.Object) : null });

    private void DamageKernel()
    {
        var path = Directory.EnumerateFiles(
            Path.Combine(_service.Root, "blobs", "btf"), Digest.Of(Samples.NewBtf).Hex, SearchOption.AllDirectories).Single();
        var bytes = File.ReadAllBytes(path);
        bytes[^2] ^= 1;
        File.WriteAllBytes(path, bytes);
    }

    public void Dispose() => _service.Dispose();
}
