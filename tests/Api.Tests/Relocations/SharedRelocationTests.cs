using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Relo.Api.Compatibility;
using Relo.Api.Relocations;
using Relo.Api.Tests.Fixtures;
using Relo.Archive.Index;
using Relo.Archive.Layouts;
using Relo.Archive.Tests.Fixtures;
using Relo.Conformance.Generated;
using Relo.Core.Bytes;
using Relo.Core.Compatibility;
using Relo.Core.Objects;

namespace Relo.Api.Tests.Relocations;

/// <summary>Kernels on which an object reads the same layouts share its relocated bytes.</summary>
public sealed class SharedRelocationTests : IDisposable
{
    private const int Kernels = 12;

    private readonly ServiceHost _service = new(root: null);

    private HttpClient Http => _service.Http;

    private RelocationRunner Runner => _service.Services.GetRequiredService<RelocationRunner>();

    private KernelIndex Index => _service.Services.GetRequiredService<KernelIndex>();

    [Fact]
    public async Task Download_for_a_kernel_with_known_layouts_opens_no_BTF_and_names_its_own_kernel()
    {
        await StoreAsync();
        await PutAsync(1, Samples.NewBtf);
        await PutAsync(2, MadeUpBtf.Of("another"));
        await ReadAsync();
        var first = await DownloadAsync(1);
        TestBlobs.SkipUnlessFiles();
        var digest = Digest.Of(MadeUpBtf.Of("another")).Hex;
        foreach (var file in Directory.EnumerateFiles(_service.Root, $"{digest}*", SearchOption.AllDirectories)) File.Delete(file);
        for (var time = 0; time < 2; time++)
        {
            using var answer = await Http.GetAsync(Address(2));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal(first, await answer.Content.ReadAsByteArrayAsync());
            Assert.Contains(digest, answer.Headers.GetValues("Link").First(), StringComparison.Ordinal);
        }

        Assert.Equal(1, Runner.Tally.Made);
        using var report = await Http.SendAsync(
            new(HttpMethod.Get, Address(2)) { Headers = { { "Accept", "application/json" } } });
        Assert.NotEqual(HttpStatusCode.OK, report.StatusCode); // a report names type ids, which only its own BTF has
    }

    [Fact]
    public async Task Downloads_and_bundles_are_those_of_each_kernel_alone_also_after_kernels_are_added_replaced_and_deleted()
    {
        await StoreAsync();
        var (line, random) = (new KernelLine(Samples.NewBtf, fewestMembers: 1), new Random(11));
        for (var i = 0; i < Kernels; i++) await PutAsync(i, line.Next(random, changes: 1));
        await ReadAsync();
        Assert.InRange(await CompareAsync(), 1, Kernels / 2);
        for (var i = 0; i < Kernels; i += 5) await PutAsync(i, line.Next(random, changes: 3));
        await CompareAsync();
        (await Http.DeleteAsync("/v1/kernels?kernel=made-up/1/x86_64/6.1.2")).EnsureSuccessStatusCode();
        await PutAsync(Kernels, line.Next(random, changes: 1));
        await ReadAsync();
        await CompareAsync();
    }

    [Fact]
    public async Task Report_of_a_refused_download_is_that_of_its_own_kernel()
    {
        await StoreAsync();
        await PutAsync(1, Samples.NewBtf);
        await PutAsync(2, MadeUpBtf.Of("another"));
        await ReadAsync();
        await DownloadAsync(1);
        await DownloadAsync(2);
        Assert.Equal(1, Runner.Tally.Made);
        using var answer = await Http.GetAsync($"{Address(2)}&failOn=poisoned");
        var problem = await answer.ProblemAsync(HttpStatusCode.UnprocessableEntity, "relocation-unusable");
        Assert.Equal("made-up/1/x86_64/6.1.2", (string?)problem["report"]!["kernel"]!["id"]);
        Assert.Equal(2, Runner.Tally.Made);
    }

    [Fact]
    public async Task Bundle_opens_one_kernel_of_those_with_the_same_layouts()
    {
        for (var i = 0; i < 5; i++) await PutAsync(i, MadeUpBtf.Of($"{i}"));
        await ReadAsync();
        var bundle = await Bundle.OfAsync(Http, "distro=made-up");
        Assert.Equal(5, bundle.Index["kernels"]!.AsObject().Count);
        Assert.Equal(1, Runner.Tally.Made);
    }

    [Fact]
    public async Task Kernels_with_different_inline_sites_are_not_alike()
    {
        await PutAsync(1, Samples.NewBtf);
        await PutAsync(2, MadeUpBtf.Of("another"));
        await ReadAsync();
        var groups = _service.Services.GetRequiredService<LayoutGroups>();
        var question = LayoutQuestion.Of(BpfObject.Read(Samples.Object));
        var kernels = Index.Matching(new() { Distro = "made-up" }).ToList();
        Assert.Single((await groups.OfAsync(question, kernels, Stop)).Select(one => one!.Value.Group).Distinct());
        kernels[1] = kernels[1] with { InlineBtf = [new("vmlinux", Digest.Of("sites"u8), 5)] };
        Assert.Equal(2, (await groups.OfAsync(question, kernels, Stop)).Select(one => one!.Value.Group).Distinct().Count());
    }

    public void Dispose() => _service.Dispose();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static string Address(int number) => $"/v1/relocated/{Samples.ObjectDigest.Hex}?kernel=made-up/1/x86_64/6.1.{number}";

    /// <summary>Compares the downloads of all kernels and the bundle with the relocation for each kernel alone.</summary>
    /// <returns>How many relocations the downloads took.</returns>
    private async Task<long> CompareAsync()
    {
        var bundle = await Bundle.OfAsync(Http, "distro=made-up");
        var before = Runner.Tally.Made;
        var downloads = new Dictionary<string, byte[]?>();
        foreach (var kernel in Index.Matching(new() { Distro = "made-up" }))
        {
            using var answer = await Http.GetAsync($"/v1/relocated/{Samples.ObjectDigest.Hex}?kernel={kernel.Id}");
            downloads.Add(kernel.Id, answer.IsSuccessStatusCode ? await answer.Content.ReadAsByteArrayAsync(Stop) : null);
        }

        var made = Runner.Tally.Made - before;
        foreach (var (kernel, download) in downloads)
        {
            using var alone = await Http.SendAsync(new(HttpMethod.Post, $"/v1/relocations?kernel={kernel}")
            {
                Content = Answers.Body(Samples.Object),
                Headers = { { "Accept", "application/octet-stream" } },
            });
            Assert.Equal(alone.IsSuccessStatusCode ? await alone.Content.ReadAsByteArrayAsync(Stop) : null, download);
            if (download is not null) Assert.Equal(download, bundle.ObjectFor(kernel));
        }

        return made;
    }

    private async Task StoreAsync() =>
        (await Http.PostAsync("/v1/objects", Answers.Body(Samples.Object))).EnsureSuccessStatusCode();

    private async Task<byte[]> DownloadAsync(int number) => await Http.GetByteArrayAsync(Address(number), Stop);

    private async Task PutAsync(int number, byte[] btf) => (await Http.PostAsync(
        $"/v1/kernels?distro=made-up&version=1&arch=x86_64&release=6.1.{number}&replace=true", Answers.Body(btf))).EnsureSuccessStatusCode();

    private async Task ReadAsync()
    {
        var layouts = _service.Services.GetRequiredService<LayoutIndex>();
        do
        {
            await Task.Delay(20, Stop);
            await layouts.CatchUpAsync(Stop);
        }
        while (layouts.Lacking(Index.Matching(new())) is not []);
    }
}
