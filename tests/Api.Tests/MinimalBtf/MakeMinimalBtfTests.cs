using System.Net;
using Relo.Api.Tests.Fixtures;
using Relo.Core;
using Relo.Core.Btf;
using Relo.Core.Bytes;
using Relo.Core.Objects;

namespace Relo.Api.Tests.MinimalBtf;

public sealed class MakeMinimalBtfTests(Service service) : IClassFixture<Service>
{
    private const string Route = $"/v1/minimal-btf?kernel={Samples.NewKernel}";

    [Fact]
    public async Task Minimal_BTF_relocates_the_object_as_the_kernels_own_does()
    {
        using var answer = await service.Http.PostAsync(Route, Answers.Body(Samples.Object));
        var minimal = await answer.Content.ReadAsByteArrayAsync();
        Assert.True(minimal.Length < Samples.NewBtf.Length, $"{minimal.Length} bytes");
        var bpf = BpfObject.Read(Samples.Object);
        var whole = Assert.IsType<Relocated>(Relocator.Relocate(bpf, BtfReader.Read(Samples.NewBtf)));
        Assert.Equal(whole.PatchedBytes.ToArray(),
            Assert.IsType<Relocated>(Relocator.Relocate(bpf, BtfReader.Read(minimal))).PatchedBytes.ToArray());
    }

    [Fact]
    public async Task Answer_is_bytes_with_their_digest_and_a_name()
    {
        using var answer = await service.Http.PostAsync(Route, Answers.Body(Samples.Object));
        var digest = Digest.Of(await answer.Content.ReadAsByteArrayAsync());
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("application/octet-stream", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal($"\"{digest}\"", answer.Header("ETag"));
        Assert.Equal($"sha-256=:{Convert.ToBase64String(digest.ToBytes())}:", answer.Header("Content-Digest"));
        Assert.Equal("5.11.0-syscall-work.btf", answer.Content.Headers.ContentDisposition?.FileName);
    }

    [Fact]
    public async Task Form_carries_the_object_and_the_kernel()
    {
        using var form =
            new MultipartFormDataContent
            {
                { new ByteArrayContent(Samples.Object), "object", "run.bpf.o" }, { new StringContent(Samples.NewKernel), "kernel" },
            };
        using var byForm = await service.Http.PostAsync("/v1/minimal-btf", form);
        using var byBody = await service.Http.PostAsync(Route, Answers.Body(Samples.Object));
        Assert.Equal(byBody.Header("ETag"), byForm.Header("ETag"));
        Assert.NotNull(byForm.Header("ETag"));
    }

    [Theory]
    [InlineData("", "invalid-kernel")] // a kernel forgotten, not all of them wished for
    [InlineData("?kernel=a/b", "invalid-kernel")]
    [InlineData("?kernel=5.11.0-syscall-work&release=5.*", "invalid-parameter")]
    public async Task What_says_nothing_or_two_things_is_refused(string query, string code) =>
        await (await service.Http.PostAsync($"/v1/minimal-btf{query}", Answers.Body(Samples.Object)))
            .ProblemAsync(HttpStatusCode.BadRequest, code);

    [Fact]
    public async Task Kernel_that_is_not_here_is_not_found_with_the_nearest()
    {
        using var answer = await service.Http.PostAsync("/v1/minimal-btf?kernel=5.12.0-x", Answers.Body(Samples.Object));
        Assert.NotEmpty((await answer.ProblemAsync(HttpStatusCode.NotFound, "kernel-not-found"))["nearest"]!.AsArray());
    }

    [Fact]
    public async Task Filter_that_nothing_matches_is_not_found_and_repeated()
    {
        using var answer = await service.Http.PostAsync("/v1/minimal-btf?distro=nowhere&release=5.*", Answers.Body(Samples.Object));
        Assert.Contains("distro=nowhere&release=5.*",
            (string?)(await answer.ProblemAsync(HttpStatusCode.NotFound, "kernel-not-found"))["detail"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("kernel=" + Samples.NewKernel)]
    [InlineData("release=*")]
    public async Task Bytes_that_are_no_object_are_refused(string query) =>
        await (await service.Http.PostAsync($"/v1/minimal-btf?{query}", Answers.Body([1, 2, 3])))
            .ProblemAsync(HttpStatusCode.UnprocessableEntity, "not-a-bpf-object");
}
