using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Relo.Api.Tests.Fixtures;
using Relo.Archive.Objects;
using Relo.Core.Bytes;

namespace Relo.Api.Tests.Relocations;

/// <summary>An object relocated for one kernel is useless for another: no route treats it as an object with nothing to relocate.</summary>
public sealed class AlreadyRelocatedTests(Service service) : IClassFixture<Service>
{
    private const string Kernel = "kernel=" + Samples.NewKernel;

    public static TheoryData<string> Routes =>
    [
        $"/v1/relocations?{Kernel}", "/v1/relocations?kernel=9.9.9", $"/v1/minimal-btf?{Kernel}", "/v1/minimal-btf?distro=sample",
        "/v1/bundles?distro=sample", "/v1/compatibility?distro=sample", "/v1/objects",
    ];

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Uploaded_object_that_was_relocated_is_refused(string route)
    {
        using var answer = await service.Http.PostAsync(route, Answers.Body(await RelocatedAsync()));
        var problem = await answer.ProblemAsync(HttpStatusCode.UnprocessableEntity, "already-relocated");
        Assert.Contains("send the original", (string?)problem["detail"], StringComparison.Ordinal);
        Assert.Contains("/file", (string?)problem["detail"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Btfhub_customize_refuses_it()
    {
        using var form = new MultipartFormDataContent { { Answers.Body(await RelocatedAsync()), "bpf", "tracer.bpf.o" } };
        using var answer = await service.Http.PostAsync(
            "/api/v1/customize?distribution=sample&distribution_version=1&kernel_version=5.11.0-syscall-work&arch=x86_64", form);
        await answer.ProblemAsync(HttpStatusCode.UnprocessableEntity, "already-relocated");
    }

    [Fact]
    public async Task One_that_was_kept_before_can_be_looked_at_and_is_refused_where_it_is_relocated()
    {
        var bytes = await RelocatedAsync();
        var digest = Digest.Of(bytes);
        await service.Services.GetRequiredService<ObjectStore>().PutAsync(digest, bytes, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, (await service.Http.GetAsync($"/v1/objects/{digest.Hex}")).StatusCode);
        foreach (var route in new[]
        {
            $"/v1/relocated/{digest.Hex}?{Kernel}", $"/v1/relocations/{digest.Hex}/{Digest.Of(Samples.NewBtf).Hex}",
            $"/v1/relocations/{digest.Hex}/{Digest.Of(Samples.NewBtf).Hex}/object",
        })
        {
            using var answer = await service.Http.GetAsync(route);
            await answer.ProblemAsync(HttpStatusCode.UnprocessableEntity, "already-relocated");
        }

        foreach (var route in new[] { $"/v1/compatibility?object={digest.Hex}", $"/v1/bundles?object={digest.Hex}" })
        {
            using var answer = await service.Http.PostAsync(route, null);
            await answer.ProblemAsync(HttpStatusCode.UnprocessableEntity, "already-relocated");
        }
    }

    [Fact]
    public async Task Page_of_the_problem_says_what_to_do()
        => Assert.Contains("Send the original", await service.Http.GetStringAsync(new Uri("/problems/already-relocated", UriKind.Relative)),
            StringComparison.Ordinal);

    private async Task<byte[]> RelocatedAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post,
            $"/v1/relocations?{Kernel}")
        { Content = Answers.Body(Samples.Object), Headers = { { "Accept", "application/octet-stream" } } };
        using var answer = await service.Http.SendAsync(request);
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadAsByteArrayAsync();
    }
}
