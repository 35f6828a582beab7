using System.Formats.Tar;
using System.IO.Compression;
using System.Net;
using System.Text.Json.Nodes;
using MediatR;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Relo.Api.Http.Limits;
using Relo.Api.MinimalBtf;
using Relo.Api.Tests.Fixtures;
using Relo.Api.Work;
using Relo.Archive.Blobs;
using Relo.Archive.Faults;
using Relo.Archive.Index;
using Relo.Archive.Kernels;
using Relo.Archive.OnDemand;
using Relo.Archive.Tests.Fixtures;
using Relo.Core.Bytes;
using Relo.Core.Objects;
using Relo.Core.Report;

namespace Relo.Api.Tests.MinimalBtf;

/// <summary>Many kernels in one request.</summary>
public sealed class MinimalBtfTarTests
{
    [Fact]
    public async Task Archive_has_a_file_for_each_kernel_where_BTFHub_would_have_it()
    {
        using var service = new Service();
        using var one = await service.Http.PostAsync($"/v1/minimal-btf?kernel={Samples.OldKernel}", Answers.Body(Samples.Object));
        using var answer = await service.Http.PostAsync("/v1/minimal-btf?distro=sample&name=run.bpf.o", Answers.Body(Samples.Object));
        Assert.Equal("application/gzip", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal("run.bpf.o.btf.tar.gz", answer.Content.Headers.ContentDisposition?.FileName);

        var entries = await EntriesAsync(await answer.Content.ReadAsByteArrayAsync());
        Assert.Equal([Samples.OldKernel + ".btf", Samples.NewKernel + ".btf"], entries.Select(e => e.Entry.Name));
        Assert.Equal(await one.Content.ReadAsByteArrayAsync(), entries[0].Bytes);
        Assert.All(entries, e => Assert.Equal((DateTimeOffset.UnixEpoch, 0, 0), (e.Entry.ModificationTime, e.Entry.Uid, e.Entry.Gid)));
    }

    [Fact]
    public async Task Same_kernels_give_the_same_bytes_in_another_archive_too()
    {
        Assert.Equal(await MadeAsync(), await MadeAsync());

        static async Task<byte[]> MadeAsync()
        {
            using var service = new Service();
            await AddAsync(service, "test", Samples.NewBtf); // added last, sorted after the samples
            await AddAsync(service, "also", Samples.NewBtf);
            return await (await service.Http.PostAsync(
                "/v1/minimal-btf?release=*", Answers.Body(Samples.Object))).Content.ReadAsByteArrayAsync();
        }
    }

    [Fact]
    public async Task Kernels_that_would_refuse_the_object_are_listed_beside_those_that_take_it()
    {
        using var service = new Service();
        await AddAsync(service, "aaa", MadeUpBtf.Ambiguous());
        var entries =
            await EntriesAsync(
                await (await service.Http.PostAsync(
                    "/v1/minimal-btf?arch=x86_64", Answers.Body(Samples.Object))).Content.ReadAsByteArrayAsync());
        Assert.Equal([Samples.OldKernel + ".btf", Samples.NewKernel + ".btf", "failed.json"], entries.Select(e => e.Entry.Name));
        var failed = JsonNode.Parse(entries[^1].Bytes)!.AsArray().Single()!;
        Assert.Equal("aaa/1/x86_64/6.6.6", (string?)failed["kernel"]);
        Assert.Contains("ambiguity", (string?)failed["relocation"]!["message"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("distro=aaa")]
    [InlineData("kernel=aaa/1/x86_64/6.6.6")]
    public async Task Object_that_every_kernel_would_refuse_is_a_problem(string query)
    {
        using var service = new Service();
        await AddAsync(service, "aaa", MadeUpBtf.Ambiguous());
        using var answer = await service.Http.PostAsync($"/v1/minimal-btf?{query}", Answers.Body(Samples.Object));
        var problem = await answer.ProblemAsync(HttpStatusCode.UnprocessableEntity, "relocation-failed");
        Assert.Contains("ambiguity", (string?)problem["relocation"]!["message"], StringComparison.Ordinal);
        Assert.Equal("aaa/1/x86_64/6.6.6", (string?)problem["kernel"]!["id"]);
    }

    [Fact]
    public async Task Archive_that_ends_early_does_not_look_whole()
    {
        using var service = new Service();
        TestBlobs.SkipUnlessFiles();
        var blob = Directory.EnumerateFiles(
            Path.Combine(service.Root, "blobs", "btf"), $"*{Digest.Of(Samples.NewBtf).Hex}*", SearchOption.AllDirectories).Single();
        File.Delete(blob);
        Directory.CreateDirectory(blob); // not damage, which would be reported for this kernel alone: the disk cannot read the file
        await Assert.ThrowsAsync<HttpRequestException>(async () =>
        {
            using var answer = await service.Http.PostAsync("/v1/minimal-btf?distro=sample", Answers.Body(Samples.Object));
            await answer.Content.ReadAsByteArrayAsync();
        });
    }

    [Fact]
    public async Task No_more_parts_are_made_when_the_client_is_gone()
    {
        using var gone = new CancellationTokenSource();
        var http = new DefaultHttpContext { RequestAborted = gone.Token, Response = { Body = Stream.Null } };
        var made = 0;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new MinimalBtfTar(Parts(), "x.tar.gz").ExecuteAsync(http));
        Assert.Equal(3, made);

        async IAsyncEnumerable<MinimalBtfPart> Parts()
        {
            await Task.CompletedTask;
            for (; made < 1000; made++)
            {
                if (made == 3) gone.Cancel();
                yield return new MinimalBtfPart(
                    new Kernel($"d/1/x86_64/{made}", "d", "1", "x86_64", $"{made}", default, 0, "upload", default, []), new byte[10], null);
            }
        }
    }

    [Fact]
    public async Task Minimal_BTF_counts_while_a_kernel_still_needs_it()
    {
        using var service = new Service();
        await AddAsync(service, "aaa", Samples.NewBtf); // sorted before the samples, the last of which has the same BTF
        using var memory = service.Services.GetRequiredService<MemoryBudget>().Share(MemoryUse.Work);
        await using var scope = service.Services.CreateAsyncScope();
        var result = await scope.ServiceProvider.GetRequiredService<IMediator>()
            .Send(new MakeMinimalBtfs(Samples.Object, new KernelFilter(), memory), TestContext.Current.CancellationToken);

        var ofObject = MemoryNeed.ToKeep(BpfObject.ReadOriginal(Samples.Object));
        var (sizes, held) = (new List<long>(), new List<long>());
        await foreach (var part in Assert.IsType<MinimalBtfOfKernels>(result).Parts)
        {
            sizes.Add(part.Btf.Length);
            held.Add(memory.HeldBytes - ofObject);
        }

        Assert.Equal([sizes[0], sizes[0] + sizes[1], sizes[0]], held);
    }

    [Fact]
    public async Task Kernel_whose_BTF_is_gone_or_unreadable_does_not_stop_the_others()
    {
        using var service = new Service();
        var nonsense = "no BTF"u8.ToArray();
        await service.Services.GetRequiredService<ArchiveBlobs>().Btf
            .PutAsync(Digest.Of(nonsense), nonsense, TestContext.Current.CancellationToken);
        var kernel = service.Services.GetRequiredService<KernelIndex>().Find(Samples.NewKernel)!;
        var gone = kernel with { Id = "gone/1/x86_64/1", Btf = Digest.Of([1]) };
        var unreadable = kernel with { Id = "unreadable/1/x86_64/1", Btf = Digest.Of(nonsense) };
        using var memory = service.Services.GetRequiredService<MemoryBudget>().Share(MemoryUse.Work);
        var parts = new MinimalBtfParts(BpfObject.ReadOriginal(Samples.Object), [gone, unreadable, kernel],
            service.Services.GetRequiredService<KernelOpener>(), service.Services.GetRequiredService<WorkGate>(),
            service.Services.GetRequiredService<MemoryBudget>(), memory, keep: false, TestContext.Current.CancellationToken);
        Assert.IsType<KernelGoneException>((await parts.OrLostAsync(gone)).Lost);
        Assert.IsType<MalformedObjectException>((await parts.OrLostAsync(unreadable)).Lost);
        Assert.True((await parts.OrLostAsync(kernel)).IsMade);
    }

    private static async Task AddAsync(Service service, string distro, byte[] btf) =>
        (await service.Http.PostAsync($"/v1/kernels?distro={distro}&version=1&arch=x86_64&release=6.6.6", Answers.Body(btf)))
            .EnsureSuccessStatusCode();

    private static async Task<List<(TarEntry Entry, byte[] Bytes)>> EntriesAsync(byte[] tarGz)
    {
        await using var tar = new TarReader(new GZipStream(new MemoryStream(tarGz), CompressionMode.Decompress));
        var entries = new List<(TarEntry, byte[])>();
        while (await tar.GetNextEntryAsync(copyData: true) is { } entry)
        {
            using var bytes = new MemoryStream();
            await entry.DataStream!.CopyToAsync(bytes);
            entries.Add((entry, bytes.ToArray()));
        }
        return entries;
    }
}
