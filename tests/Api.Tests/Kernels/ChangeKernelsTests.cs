using System.Globalization;
using System.Net;
using Relo.Api.Tests.Fixtures;
using Relo.Core.Bytes;

namespace Relo.Api.Tests.Kernels;

/// <summary>Writing the archive. Each test uses its own names; all share one service.</summary>
public sealed class ChangeKernelsTests(Service service) : IClassFixture<Service>
{
    [Fact]
    public async Task New_kernel_is_created_then_there_and_can_be_relocated_for()
    {
        const string query = "?distro=Ubuntu&version=20.04&arch=amd64&release=5.4.0-91-generic";
        using var created = await service.Http.PostAsync("/v1/kernels" + query, Answers.Body(Samples.NewBtf));
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        var kernel = await created.JsonAsync();
        Assert.Equal("ubuntu/20.04/x86_64/5.4.0-91-generic", (string?)kernel["id"]);
        Assert.Equal("upload", (string?)kernel["source"]);
        Assert.Equal((string?)kernel["id"], (string?)(await (await service.Http.GetAsync(created.Headers.Location)).JsonAsync())["id"]);

        using var there = await service.Http.PostAsync("/v1/kernels" + query, Answers.Body(Samples.NewBtf));
        Assert.Equal(HttpStatusCode.OK, there.StatusCode);
        Assert.Equal((string?)kernel["addedAt"], (string?)(await there.JsonAsync())["addedAt"]);

        using var relocated = await service.Http.PostAsync("/v1/relocations?kernel=5.4.0-91-generic", Answers.Body(Samples.Object));
        Assert.Equal(HttpStatusCode.OK, relocated.StatusCode);
    }

    [Fact]
    public async Task Other_BTF_under_the_same_id_is_a_conflict_unless_it_replaces()
    {
        const string route = "/v1/kernels?distro=debian&version=12&arch=x86_64&release=6.1.0-1-conflict";
        Assert.Equal(HttpStatusCode.Created, (await service.Http.PostAsync(route, Answers.Body(Samples.OldBtf))).StatusCode);
        var conflict = await (await service.Http.PostAsync(route, Answers.Body(Samples.NewBtf)))
            .ProblemAsync(HttpStatusCode.Conflict, "kernel-conflict");
        Assert.Equal(Digest.Of(Samples.OldBtf).ToString(), (string?)conflict["existing"]!["btf"]);

        var replaced = await (await service.Http.PostAsync(route + "&replace=true", Answers.Body(Samples.NewBtf))).JsonAsync();
        Assert.Equal(Digest.Of(Samples.NewBtf).ToString(), (string?)replaced["btf"]);
    }

    [Fact]
    public async Task Same_release_of_two_distributions_is_ambiguous_until_narrowed()
    {
        foreach (var (version, btf) in new[] { ("18.04", Samples.OldBtf), ("20.04", Samples.NewBtf) })
            await service.Http.PostAsync(
                $"/v1/kernels?distro=ubuntu&version={version}&arch=x86_64&release=5.4.0-7-twins", Answers.Body(btf));

        var problem = await (await service.Http.PostAsync("/v1/relocations?kernel=5.4.0-7-twins", Answers.Body(Samples.Object)))
            .ProblemAsync(HttpStatusCode.Conflict, "kernel-ambiguous");
        Assert.Equal(["ubuntu/18.04/x86_64/5.4.0-7-twins", "ubuntu/20.04/x86_64/5.4.0-7-twins"],
            problem["candidates"]!.AsArray().Select(k => (string?)k!["id"]));
        var narrowed =
            await (await service.Http.PostAsync("/v1/relocations?kernel=5.4.0-7-twins&version=18.04", Answers.Body(Samples.Object)))
                .JsonAsync();
        Assert.Equal("ubuntu/18.04/x86_64/5.4.0-7-twins", (string?)narrowed["kernel"]!["id"]);
    }

    [Fact]
    public async Task Plus_sign_that_was_not_encoded_is_understood_on_both_ways()
    {
        await service.Http.PostAsync(
            "/v1/kernels?distro=debian&version=12&arch=x86_64&release=6.12.113+deb12-amd64", Answers.Body(Samples.NewBtf));
        var found = await (await service.Http.GetAsync("/v1/kernels/resolve?kernel=6.12.113+deb12-amd64")).JsonAsync();
        Assert.Equal("debian/12/x86_64/6.12.113+deb12-amd64", (string?)found["id"]);
    }

    [Fact]
    public async Task What_is_no_kernel_is_refused_by_its_content()
    {
        const string route = "/v1/kernels?distro=a&version=1&arch=x86_64&release=1.0";
        await (await service.Http.PostAsync(route, Answers.Body("not a kernel at all"u8.ToArray())))
            .ProblemAsync(HttpStatusCode.UnprocessableEntity, "unrecognised-kernel-file");

        var broken = (byte[])Samples.NewBtf.Clone();
        broken.AsSpan(24, 64).Fill(0xff); // the first types
        var problem = await (await service.Http.PostAsync(route, Answers.Body(broken)))
            .ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid-btf");
        Assert.NotEmpty((string?)problem["section"] ?? "");
        Assert.NotNull(problem["offset"]);
        await (await service.Http.GetAsync("/v1/kernels/resolve?kernel=a/1/x86_64/1.0"))
            .ProblemAsync(HttpStatusCode.NotFound, "kernel-not-found");
    }

    [Fact]
    public async Task Raw_BTF_without_a_release_is_an_invalid_kernel()
        => await (await service.Http.PostAsync("/v1/kernels?distro=a", Answers.Body(Samples.NewBtf)))
            .ProblemAsync(HttpStatusCode.BadRequest, "invalid-kernel");

    [Fact]
    public async Task Upload_is_checked_before_it_is_taken()
    {
        const string route = "/v1/kernels?distro=a&version=1&arch=x86_64&release=2.0";
        await (await service.Http.PostAsync(route, Answers.Body([]))).ProblemAsync(HttpStatusCode.BadRequest, "empty-body");
        await (await service.Http.PostAsync(route, Answers.Body(Samples.NewBtf, contentEncoding: "gzip")))
            .ProblemAsync(HttpStatusCode.UnsupportedMediaType, "unsupported-media-type");
        var body = Answers.Body(Samples.NewBtf);
        body.Headers.Add("Content-Digest", $"sha-256=:{Convert.ToBase64String(Digest.Of(Samples.OldBtf).ToBytes())}:");
        await (await service.Http.PostAsync(route, body)).ProblemAsync(HttpStatusCode.BadRequest, "digest-mismatch");
        await (await service.Http.GetAsync("/v1/kernels/resolve?kernel=a/1/x86_64/2.0"))
            .ProblemAsync(HttpStatusCode.NotFound, "kernel-not-found");
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(service.Root, "uploads")));
    }

    [Theory]
    [InlineData("{0}")] // the digest alone
    [InlineData("%20sha256:{0}")]
    [InlineData("/lib/modules/3.0-several")]
    public async Task A_deletion_never_chooses_however_the_kernel_is_named(string name)
    {
        foreach (var (distro, release) in new[] { ("one", "3.0-several"), ("two", "3.0-several"), ("two", "3.1-several") })
            await service.Http.PostAsync(
                $"/v1/kernels?distro={distro}&version=1&arch=x86_64&release={release}", Answers.Body(Samples.NewBtf));
        var kernel = string.Format(CultureInfo.InvariantCulture, name, Digest.Of(Samples.NewBtf).Hex);
        await (await service.Http.DeleteAsync($"/v1/kernels?kernel={kernel}"))
            .ProblemAsync(HttpStatusCode.Conflict, "kernel-ambiguous");
    }

    [Fact]
    public async Task A_deletion_never_takes_the_rebuild_of_another_distribution()
    {
        await service.Http.PostAsync(
            "/v1/kernels?distro=rocky&version=8&arch=x86_64&release=4.18.0-1.el8.x86_64", Answers.Body(Samples.NewBtf));
        const string kernel = "/v1/kernels?kernel=almalinux/8/x86_64/4.18.0-1.el8.x86_64";
        (await service.Http.GetAsync(kernel.Replace("kernels", "kernels/resolve", StringComparison.Ordinal))).EnsureSuccessStatusCode();
        var problem = await (await service.Http.DeleteAsync(kernel)).ProblemAsync(HttpStatusCode.NotFound, "kernel-not-found");
        Assert.Contains("rocky/8/x86_64/4.18.0-1.el8.x86_64", problem["detail"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NoContent,
            (await service.Http.DeleteAsync("/v1/kernels?kernel=rocky/8/x86_64/4.18.0-1.el8.x86_64")).StatusCode);
    }

    [Fact]
    public async Task Deleted_kernel_is_gone_and_only_that_one()
    {
        foreach (var version in new[] { "1", "2" })
            await service.Http.PostAsync(
                $"/v1/kernels?distro=gone&version={version}&arch=x86_64&release=3.0-gone", Answers.Body(Samples.NewBtf));

        // For a relocation they are one; a deletion must not choose.
        var problem = await (await service.Http.DeleteAsync("/v1/kernels?kernel=3.0-gone"))
            .ProblemAsync(HttpStatusCode.Conflict, "kernel-ambiguous");
        Assert.Equal(2, problem["candidates"]!.AsArray().Count);

        Assert.Equal(HttpStatusCode.NoContent, (await service.Http.DeleteAsync("/v1/kernels?kernel=gone/1/x86_64/3.0-gone")).StatusCode);
        await (await service.Http.DeleteAsync("/v1/kernels?kernel=gone/1/x86_64/3.0-gone"))
            .ProblemAsync(HttpStatusCode.NotFound, "kernel-not-found");
        Assert.Equal(HttpStatusCode.NoContent, (await service.Http.DeleteAsync("/v1/kernels?kernel=3.0-gone")).StatusCode);
    }
}
