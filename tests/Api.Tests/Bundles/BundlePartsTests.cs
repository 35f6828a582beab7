using Microsoft.Extensions.DependencyInjection;
using Relo.Api.Bundles;
using Relo.Api.Http.Limits;
using Relo.Api.Http.Problems;
using Relo.Api.Inputs;
using Relo.Api.Relocations;
using Relo.Api.Tests.Fixtures;
using Relo.Archive.Blobs;
using Relo.Archive.Index;
using Relo.Archive.Kernels;
using Relo.Core.Bytes;

namespace Relo.Api.Tests.Bundles;

/// <summary>The part of a kernel that has no object.</summary>
public sealed class BundlePartsTests(Service service) : IClassFixture<Service>
{
    private static CancellationToken Patience => TestContext.Current.CancellationToken;

    private MemoryBudget Memory => service.Services.GetRequiredService<MemoryBudget>();

    [Fact]
    public async Task Kernel_whose_BTF_is_gone_or_unreadable_has_the_problem_of_a_relocation_for_it_alone()
    {
        var nonsense = "no BTF"u8.ToArray();
        await service.Services.GetRequiredService<ArchiveBlobs>().Btf.PutAsync(Digest.Of(nonsense), nonsense, Patience);
        var kernel = Find(Samples.NewKernel);
        using var memory = Memory.Share(MemoryUse.Work);
        var parts = Parts(memory);

        var gone = await parts.OfAsync(kernel with { Id = "gone/1/x86_64/1", Btf = Digest.Of([1]) }, group: null);
        Assert.Equal(ProblemKinds.KernelNotFound, Assert.IsType<UnusablePart>(gone).Kind);
        var unreadable = await parts.OfAsync(kernel with { Id = "unreadable/1/x86_64/1", Btf = Digest.Of(nonsense) }, group: null);
        Assert.Equal(ProblemKinds.InvalidBtf, Assert.IsType<UnusablePart>(unreadable).Kind);
        Assert.NotNull(Assert.IsType<UsablePart>(await parts.OfAsync(kernel, group: null)).Bytes);
    }

    [Fact]
    public async Task Bundle_whose_lists_are_too_large_is_refused_as_a_whole()
    {
        (await service.Http.PostAsync("/v1/kernels?distro=poor&version=1&arch=x86_64&release=6.6.6",
            Answers.Body(MadeUpBtf.WithoutHashMaps()))).EnsureSuccessStatusCode();
        using var full = Memory.Share(MemoryUse.Work, besideBytes: Memory.MostOfOne);
        var refused = await Assert.ThrowsAsync<RefusedException>(() => Parts(full).OfAsync(Find("poor/1/x86_64/6.6.6"), group: null));
        Assert.Equal(ProblemKinds.BodyTooLarge, refused.Problem.Kind);
    }

    private Kernel Find(string id) => service.Services.GetRequiredService<KernelIndex>().Find(id)!;

    private BundleParts Parts(MemoryShare memory) => new(service.Services.GetRequiredService<RelocationRunner>(),
        FoundObject.Of(Samples.ObjectDigest, Samples.Object), FailOn.Nothing, memory, Patience);
}
