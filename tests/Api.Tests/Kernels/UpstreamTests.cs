using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Relo.Api.Tests.Fixtures;
using Relo.Archive.Export;
using Relo.Archive.Tests.Fixtures;

namespace Relo.Api.Tests.Kernels;

/// <summary>A service whose upstream is a tree exported by another one, on a real HTTP server.</summary>
public sealed class UpstreamTests : IAsyncLifetime
{
    private readonly string _tree = Directory.CreateTempSubdirectory("relo-tree-").FullName;
    private readonly ConcurrentQueue<string> _asked = new();
    private Task _held = Task.CompletedTask;
    private WebApplication _mirror = null!;
    private ServiceHost _service = null!;

    public async ValueTask InitializeAsync()
    {
        using (var other = new ServiceHost(root: null))
            await other.Services.GetRequiredService<KernelExporter>().ExportAsync(_tree, null, TestContext.Current.CancellationToken);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _mirror = builder.Build();
        _mirror.Run(async http =>
        {
            _asked.Enqueue(http.Request.Path);
            await _held;
            var file = new FileInfo(_tree + http.Request.Path);
            if (file.Exists) await http.Response.SendFileAsync(file.FullName);
            else http.Response.StatusCode = StatusCodes.Status404NotFound;
        });
        await _mirror.StartAsync();
        _service = new(root: null, ("Archive:RegisterSamples", "false"), ("Archive:Upstream:BaseUrl", _mirror.Urls.Single()));
    }

    [Fact]
    public async Task Many_nodes_that_ask_at_once_get_the_object_and_the_kernel_is_fetched_once()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 16)
            .Select(_ => _service.Http.PostAsync($"/v1/relocations?kernel={Samples.NewKernel}", Answers.Body(Samples.Object))));
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        Assert.Equal($"/{Samples.NewKernel}.btf.tar.xz", Assert.Single(_asked));
        Assert.Equal("upstream", (string?)(await answers[0].JsonAsync())["kernel"]!["source"]);
    }

    [Fact]
    public async Task What_is_no_object_is_refused_before_the_upstream_is_asked_for_its_kernel()
    {
        using var answer = await _service.Http.PostAsync($"/v1/relocations?kernel={Samples.NewKernel}", Answers.Body([1, 2, 3]));
        await answer.ProblemAsync(HttpStatusCode.UnprocessableEntity, "not-a-bpf-object");
        Assert.Empty(_asked);
        Assert.True(
            (await _service.Http.PostAsync(
                $"/v1/relocations?kernel={Samples.NewKernel}", Answers.Body(Samples.Object))).IsSuccessStatusCode);
        Assert.Single(_asked); // it would have been
    }

    [Fact]
    public async Task Resolving_and_downloading_fetch_as_well_and_say_how()
    {
        var resolved = await (await _service.Http.GetAsync($"/v1/kernels/resolve?kernel={Samples.OldKernel}")).JsonAsync();
        Assert.Contains(resolved["explanation"]!.AsArray(),
            step => ((string)step!)
                .StartsWith($"fetched {Samples.OldKernel}.btf.tar.xz from the upstream archive", StringComparison.Ordinal));
        Assert.Equal(Samples.NewBtf, await _service.Http.GetByteArrayAsync($"/v1/kernels/btf?kernel={Samples.NewKernel}"));
    }

    [Fact]
    public async Task A_kernel_that_is_not_there_either_is_not_found_and_deleting_fetches_nothing()
    {
        var missing = await (await _service.Http.GetAsync("/v1/kernels/resolve?kernel=sample/1/x86_64/5.12.0"))
            .ProblemAsync(HttpStatusCode.NotFound, "kernel-not-found");
        Assert.Contains("the upstream archive does not have sample/1/x86_64/5.12.0.btf.tar.xz",
            missing["explanation"]!.AsArray().Select(step => (string?)step));
        await (await _service.Http.DeleteAsync($"/v1/kernels?kernel={Samples.NewKernel}"))
            .ProblemAsync(HttpStatusCode.NotFound, "kernel-not-found");
        Assert.Single(_asked);
    }

    [Theory]
    [InlineData("GET", "/v1/kernels/resolve?kernel=")]
    [InlineData("GET", "/v1/kernels/btf?kernel=")]
    [InlineData("POST", "/v1/relocations?kernel=")]
    [InlineData("POST", "/v1/minimal-btf?kernel=")]
    [InlineData("GET", "/v1/relocated/tracer?kernel=")]
    public async Task While_the_upstream_cannot_be_asked_the_kernel_is_unavailable_and_not_missing(string method, string route)
    {
        using var service =
            new ServiceHost(root: null, ("Archive:RegisterSamples", "false"), ("Archive:Upstream:BaseUrl", "http://127.0.0.1:1"));
        await service.Http.PostAsync("/v1/objects?name=tracer", Answers.Body(Samples.Object));
        using var request = new HttpRequestMessage(new HttpMethod(method), route + Samples.NewKernel);
        if (method == "POST") request.Content = Answers.Body(Samples.Object);
        using var answer = await service.Http.SendAsync(request);
        var problem = await answer.ProblemAsync(HttpStatusCode.ServiceUnavailable, "upstream-unavailable");
        Assert.StartsWith(
            $"'{Samples.NewKernel}' is not in the archive, and requesting", (string?)problem["detail"], StringComparison.Ordinal);
        Assert.Equal("5", answer.Header("Retry-After"));
    }

    [Fact]
    public async Task While_a_damaged_kernel_is_fetched_again_others_have_its_turn()
    {
        using var service = new ServiceHost(root: null, ("Archive:Upstream:BaseUrl", _mirror.Urls.Single()), ("Limits:Relocations", "1"),
            ServiceHost.WithoutLayouts); // or it may read the file at the moment it is cut, which ends the process
        TestBlobs.SkipUnlessFiles();
        var blob = Directory.EnumerateFiles(
            Path.Combine(service.Root, "blobs", "btf"), Core.Bytes.Digest.Of(Samples.NewBtf).Hex, SearchOption.AllDirectories).Single();
        await File.WriteAllTextAsync(blob, "something else");
        var go = new TaskCompletionSource();
        _held = go.Task;
        var held = service.Http.PostAsync($"/v1/relocations?kernel={Samples.NewKernel}", Answers.Body(Samples.Object));
        while (_asked.IsEmpty) await Task.Delay(10, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK,
            (await service.Http.PostAsync($"/v1/relocations?kernel={Samples.OldKernel}", Answers.Body(Samples.Object))).StatusCode);
        Assert.False(held.IsCompleted);
        go.SetResult();
        Assert.Equal(HttpStatusCode.OK, (await held).StatusCode);
    }

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        await _mirror.DisposeAsync();
        Directory.Delete(_tree, recursive: true);
    }
}
