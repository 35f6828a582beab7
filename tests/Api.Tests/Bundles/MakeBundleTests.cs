using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Relo.Api.Relocations;
using Relo.Api.Tests.Fixtures;
using Relo.Core.Bytes;

namespace Relo.Api.Tests.Bundles;

public sealed class MakeBundleTests : IDisposable
{
    private const string Refusing = "aaa/1/x86_64/6.6.6", Breaking = "bbb/1/x86_64/6.6.6";

    private readonly ServiceHost _service = new(root: null);

    private HttpClient Http => _service.Http;

    private RelocationRunner Runner => _service.Services.GetRequiredService<RelocationRunner>();

    [Theory]
    [InlineData(null, "application/zip", "run.bpf.o.bundle.zip")]
    [InlineData("application/zip", "application/zip", "run.bpf.o.bundle.zip")]
    [InlineData("application/gzip", "application/gzip", "run.bpf.o.bundle.tar.gz")]
    public async Task Bundle_has_each_relocated_object_once_and_says_which_kernel_has_which(
        string? accept, string mediaType, string fileName)
    {
        await AddAsync("twin", Samples.NewBtf); // the BTF of another kernel
        await AddAsync("kin", MadeUpBtf.Of("x")); // other BTF, of which the object reads nothing
        var bundle = await Bundle.OfAsync(Http, "release=*&name=run.bpf.o", accept);
        Assert.Equal((mediaType, fileName), (bundle.MediaType, bundle.FileName));

        var (old, recent) = (await RelocatedAsync(Samples.OldKernel), await RelocatedAsync(Samples.NewKernel));
        string[] expected = [$"objects/{Digest.Of(old).Hex}.bpf.o", $"objects/{Digest.Of(recent).Hex}.bpf.o"];
        Assert.Equal(expected.Append("index.json").Append("select.sh").Order(), bundle.Files.Keys.Order());
        Assert.Equal(old, bundle.ObjectFor(Samples.OldKernel));
        Assert.All(
            [Samples.NewKernel, "twin/1/x86_64/6.6.6", "kin/1/x86_64/6.6.6"], kernel => Assert.Equal(recent, bundle.ObjectFor(kernel)));
        Assert.Equal(4, bundle.Index["kernels"]!.AsObject().Count);
        Assert.Empty(bundle.Index["unusable"]!.AsObject());
        Assert.Equal((Samples.ObjectDigest.ToString(), "run.bpf.o"),
            ((string?)bundle.Index["object"]!["sha256"], (string?)bundle.Index["object"]!["name"]));
        var file = bundle.Index["files"]![expected[1]]!;
        Assert.Equal((Digest.Of(recent).ToString(), recent.Length, "guarded"),
            ((string?)file["sha256"], (int)file["sizeBytes"]!, (string?)file["verdict"]));
        Assert.Equal(["select.sh"], bundle.Modes.Where(m => m.Value.HasFlag(UnixFileMode.OtherExecute)).Select(m => m.Key));
    }

    [Fact]
    public async Task Kernels_of_the_same_BTF_are_relocated_once_and_the_results_of_nodes_stay_where_they_are()
    {
        await AddAsync("twin", Samples.NewBtf, release: "5.11.0-twin");
        await RelocatedAsync(Samples.OldKernel);
        await Bundle.OfAsync(Http, "");
        // the old one was there; the new one, made for two kernels, is not kept
        Assert.Equal((2, 1, 1), (Runner.Tally.Made, Runner.Tally.Hits, Runner.Tally.Count));
    }

    [Fact]
    public async Task Filters_choose_the_kernels()
    {
        await AddAsync("arm", Samples.NewBtf, "arm64");
        Assert.Equal([Samples.OldKernel], Kernels(await Bundle.OfAsync(Http, "release=5.10.*")));
        Assert.Equal(["arm/1/arm64/6.6.6"], Kernels(await Bundle.OfAsync(Http, "arch=aarch64")));
        Assert.Equal([Samples.OldKernel, Samples.NewKernel], Kernels(await Bundle.OfAsync(Http, "distro=sample&version=1")));
        using var form =
            new MultipartFormDataContent
            {
                { new ByteArrayContent(Samples.Object), "object", "run.bpf.o" }, { new StringContent("5.11.*"), "release" },
            };
        Assert.Equal([Samples.NewKernel], Kernels(await Bundle.OfAsync(Http, "", form)));
    }

    [Fact]
    public async Task Kernels_that_would_refuse_the_object_or_break_it_are_listed_with_the_reason()
    {
        await AddAsync("aaa", MadeUpBtf.Ambiguous());
        await AddAsync("bbb", MadeUpBtf.WithoutPid());

        var all = await Bundle.OfAsync(Http, "");
        Assert.Equal([Breaking, Samples.OldKernel, Samples.NewKernel], Kernels(all));
        Assert.Equal("broken", (string?)all.Index["files"]![(string)all.Index["kernels"]![Breaking]!]!["verdict"]);
        var refused = Assert.Single(all.Index["unusable"]!.AsObject());
        Assert.Equal((Refusing, "relocation-failed"), (refused.Key, (string?)refused.Value!["code"]));
        Assert.Contains("ambiguity", (string?)refused.Value["detail"], StringComparison.Ordinal);
        Assert.Null((string?)all.Index["failOn"]);

        var good = await Bundle.OfAsync(Http, "failOn=broken");
        Assert.Equal([Samples.OldKernel, Samples.NewKernel], Kernels(good));
        Assert.Equal([Refusing, Breaking], good.Index["unusable"]!.AsObject().Select(u => u.Key));
        Assert.Equal("relocation-unusable", (string?)good.Index["unusable"]![Breaking]!["code"]);
        Assert.Contains("are poisoned", (string?)good.Index["unusable"]![Breaking]!["detail"], StringComparison.Ordinal);
        Assert.Equal("broken", (string?)good.Index["failOn"]);
        Assert.DoesNotContain($"objects/{Digest.Of(all.ObjectFor(Breaking)).Hex}.bpf.o", good.Files.Keys);
    }

    [Fact]
    public async Task What_a_kernel_lacks_is_listed_and_left_out_on_request()
    {
        await AddAsync("poor", MadeUpBtf.WithoutHashMaps());
        await AddAsync("twin", MadeUpBtf.WithoutHashMaps());

        var all = await Bundle.OfAsync(Http, "");
        Assert.Equal(["poor/1/x86_64/6.6.6", "twin/1/x86_64/6.6.6"], all.Index["absent"]!.AsObject().Select(pair => pair.Key));
        Assert.All(all.Index["absent"]!.AsObject(),
            pair => Assert.Equal("enum bpf_map_type has no BPF_MAP_TYPE_HASH", (string?)Assert.Single(pair.Value!.AsArray())!["evidence"]));
        Assert.Contains($"poor 1 x86_64 6.6.6 {Digest.Of(all.ObjectFor("poor/1/x86_64/6.6.6")).Hex} hash\n",
            System.Text.Encoding.UTF8.GetString(all.Files["select.sh"]), StringComparison.Ordinal);

        var good = await Bundle.OfAsync(Http, "failOn=absent");
        Assert.Equal([Samples.OldKernel, Samples.NewKernel], Kernels(good));
        Assert.Empty(good.Index["absent"]!.AsObject());
        Assert.Equal("relocation-unusable", (string?)good.Index["unusable"]!["poor/1/x86_64/6.6.6"]!["code"]);
    }

    [Fact]
    public async Task Object_that_no_kernel_can_use_is_a_problem_and_no_empty_bundle()
    {
        await AddAsync("aaa", MadeUpBtf.Ambiguous());
        await AddAsync("bbb", MadeUpBtf.WithoutPid());
        var failed = await (await PostAsync("distro=aaa")).ProblemAsync(HttpStatusCode.UnprocessableEntity, "relocation-failed");
        Assert.Equal(Refusing, (string?)failed["kernel"]!["id"]);
        var unusable = await (await PostAsync("distro=bbb&failOn=broken"))
            .ProblemAsync(HttpStatusCode.UnprocessableEntity, "relocation-unusable");
        Assert.Equal(Breaking, (string?)unusable["report"]!["kernel"]!["id"]);
        // the first of four
        await (await PostAsync("failOn=poisoned")).ProblemAsync(HttpStatusCode.UnprocessableEntity, "relocation-failed");
    }

    [Fact]
    public async Task Object_that_is_kept_is_named_by_its_tag_or_its_digest_in_the_query_or_in_a_form()
    {
        await Http.PostAsync("/v1/objects?name=tracer", Answers.Body(Samples.Object));
        var sent = await Bundle.OfAsync(Http, "name=tracer");
        Assert.Equal(sent.Bytes, (await Bundle.OfAsync(Http, "object=tracer", content: null)).Bytes);
        using var form = new MultipartFormDataContent { { new StringContent("tracer"), "object" } };
        Assert.Equal(sent.Bytes, (await Bundle.OfAsync(Http, "", form)).Bytes);
        var byDigest = await Bundle.OfAsync(Http, $"object={Samples.ObjectDigest.Hex}", content: null);
        Assert.Equal(sent.ObjectFor(Samples.NewKernel), byDigest.ObjectFor(Samples.NewKernel));
        Assert.Null((string?)byDigest.Index["object"]!["name"]);
    }

    [Theory]
    [InlineData("object=nobody", HttpStatusCode.NotFound, "object-not-found")]
    [InlineData("object=no/body", HttpStatusCode.BadRequest, "invalid-parameter")]
    [InlineData("", HttpStatusCode.BadRequest, "empty-body")]
    public async Task Object_that_is_not_here_is_told(string query, HttpStatusCode status, string code)
        => await (await Http.PostAsync($"{Bundle.Route}?{query}", null)).ProblemAsync(status, code);

    [Theory]
    [InlineData("object=tracer", HttpStatusCode.BadRequest, "invalid-parameter")] // two objects
    [InlineData("kernel=5.11.0-syscall-work", HttpStatusCode.BadRequest, "unknown-parameter")] // one kernel
    [InlineData("failOn=sometimes", HttpStatusCode.BadRequest, "invalid-parameter")]
    [InlineData("distro=nowhere", HttpStatusCode.NotFound, "kernel-not-found")]
    public async Task Question_that_cannot_be_answered_is_told(string query, HttpStatusCode status, string code)
        => await (await PostAsync(query)).ProblemAsync(status, code);

    [Fact]
    public async Task Bytes_that_are_no_object_and_other_media_types_are_refused()
    {
        await (await Http.PostAsync(Bundle.Route, Answers.Body([1, 2, 3])))
            .ProblemAsync(HttpStatusCode.UnprocessableEntity, "not-a-bpf-object");
        await (await Http.PostAsync($"{Bundle.Route}?distro=nowhere", Answers.Body([1, 2, 3])))
            .ProblemAsync(HttpStatusCode.UnprocessableEntity, "not-a-bpf-object");
        using var request = new HttpRequestMessage(HttpMethod.Post, Bundle.Route) { Content = Answers.Body(Samples.Object) };
        await (await Http.SendAsync(request.Accepting("application/json"))).ProblemAsync(HttpStatusCode.NotAcceptable, "not-acceptable");
    }

    public void Dispose() => _service.Dispose();

    private static IEnumerable<string> Kernels(Bundle bundle) => bundle.Index["kernels"]!.AsObject().Select(k => k.Key);

    private Task<HttpResponseMessage> PostAsync(string query) => Http.PostAsync($"{Bundle.Route}?{query}", Answers.Body(Samples.Object));

    private async Task AddAsync(string distro, byte[] btf, string arch = "x86_64", string release = "6.6.6") =>
        (await Http.PostAsync($"/v1/kernels?distro={distro}&version=1&arch={arch}&release={release}", Answers.Body(btf)))
            .EnsureSuccessStatusCode();

    private async Task<byte[]> RelocatedAsync(string kernel)
    {
        using var request =
            new HttpRequestMessage(HttpMethod.Post, $"/v1/relocations?kernel={kernel}") { Content = Answers.Body(Samples.Object) };
        return await (await Http.SendAsync(request.Accepting("application/octet-stream"))).Content.ReadAsByteArrayAsync();
    }
}
