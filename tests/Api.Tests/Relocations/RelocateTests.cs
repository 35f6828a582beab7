using System.IO.Compression;
using System.Net;
using System.Text.Json.Nodes;
using Relo.Api.Tests.Fixtures;
using Relo.Core.Btf;
using Relo.Core.Bytes;

namespace Relo.Api.Tests.Relocations;

public sealed class RelocateTests(Service service) : IClassFixture<Service>
{
    private const string Route = $"/v1/relocations?kernel={Samples.NewKernel}";

    [Fact]
    public async Task Report_has_the_members_of_the_contract_in_its_order()
    {
        var report = await (await service.Http.PostAsync(Route, Answers.Body(Samples.Object))).JsonAsync();
        Assert.Equal(["object", "kernel", "patched", "verdict", "assumes", "summary", "fieldChanges", "relocations", "checks", "warnings"],
            Names(report));
        Assert.Equal(["sha256", "sizeBytes", "name", "byteOrder", "license", "programs"], Names(report["object"]));
        Assert.Equal(
            ["id", "distro", "version", "arch", "release", "btf", "btfSizeBytes", "source", "addedAt", "modules"], Names(report["kernel"]));
        Assert.Equal(["sha256", "sizeBytes", "url"], Names(report["patched"]));
        Assert.Equal(
            ["relocations", "changed", "unchanged", "poisoned", "poisonedReachable", "fieldsMoved", "absent"], Names(report["summary"]));
        Assert.Equal(Samples.ObjectDigest.ToString(), (string?)report["object"]!["sha256"]);
        Assert.Equal(Samples.NewKernel, (string?)report["kernel"]!["id"]);
        Assert.Equal(Digest.Of(Samples.NewBtf).ToString(), (string?)report["kernel"]!["btf"]);
    }

    [Fact]
    public async Task Moved_field_is_reported_from_16_to_24_with_its_instruction_and_its_line()
    {
        var report = await (await service.Http.PostAsync(Route, Answers.Body(Samples.Object))).JsonAsync();
        var state = report["relocations"]!.AsArray()
            .Single(r => ((string)r!["local"]!).StartsWith("struct task_struct.state ", StringComparison.Ordinal))!;
        Assert.Equal("changed", (string?)state["outcome"]);
        Assert.Equal((16, 24), ((int)state["localValue"]!, (int)state["targetValue"]!));
        Assert.Contains("+ 16)", (string)state["before"]!, StringComparison.Ordinal);
        Assert.Contains("+ 24)", (string)state["after"]!, StringComparison.Ordinal);
        Assert.Equal("field-byte-offset", (string?)state["kind"]);
        Assert.True(state.AsObject().ContainsKey("reason") && state["reason"] is null, "reason is null where nothing is wrong");
        Assert.Equal("runqslower-mini.bpf.c", (string?)state["source"]!["file"]);

        var change = report["fieldChanges"]!.AsArray().Single(c => (string?)c!["field"] == "state")!;
        Assert.Equal("moved", (string?)change["change"]);
        Assert.Equal((16, 24), ((int)change["localOffsetBytes"]!, (int)change["targetOffsetBytes"]!));
    }

    [Theory]
    [InlineData("application/octet-stream")]
    [InlineData("application/x-www-form-urlencoded")] // what curl --data-binary says without -H
    [InlineData(null)]
    [InlineData("Application/X-ELF")]
    public async Task Body_itself_is_the_object_under_every_type_that_clients_give_it(string? contentType)
    {
        var report = await (await service.Http.PostAsync(Route, Answers.Body(Samples.Object, contentType))).JsonAsync();
        Assert.Equal(Samples.ObjectDigest.ToString(), (string?)report["object"]?["sha256"]);
    }

    [Fact]
    public async Task Form_carries_the_object_its_name_and_any_parameter()
    {
        using var form = new MultipartFormDataContent
        {
            { new ByteArrayContent(Samples.Object), "object", "dir/run.bpf.o" },
            { new StringContent(Samples.NewKernel), "kernel" },
            { new StringContent("object"), "include" },
        };
        var report = await (await service.Http.PostAsync("/v1/relocations", form)).JsonAsync();
        Assert.Equal("run.bpf.o", (string?)report["object"]!["name"]);
        Assert.Equal(Samples.NewKernel, (string?)report["kernel"]!["id"]);
        Assert.NotNull(report["patched"]!["base64"]);
    }

    [Fact]
    public async Task Include_adds_exactly_the_patched_object()
    {
        var report = await (await service.Http.PostAsync(Route + "&include=object", Answers.Body(Samples.Object))).JsonAsync();
        var patched = Convert.FromBase64String((string)report["patched"]!["base64"]!);
        Assert.Equal(Digest.Of(patched).ToString(), (string?)report["patched"]!["sha256"]);
        Assert.Equal(patched.Length, (int)report["patched"]!["sizeBytes"]!);
        Assert.Equal(Samples.Object.Length, patched.Length);
        Assert.NotEqual(Samples.Object, patched);
    }

    [Fact]
    public async Task Octet_stream_is_the_object_with_its_digest_and_a_link_to_its_report()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Route + "&name=run.bpf.o") { Content = Answers.Body(Samples.Object) };
        using var answer = await service.Http.SendAsync(request.Accepting("application/octet-stream"));
        var patched = await answer.Content.ReadAsByteArrayAsync();
        Assert.Equal("application/octet-stream", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal($"\"{Digest.Of(patched)}\"", answer.Header("ETag"));
        Assert.Equal($"sha-256=:{Convert.ToBase64String(Digest.Of(patched).ToBytes())}:", answer.Header("Content-Digest"));
        Assert.Equal("run.bpf.o", answer.Content.Headers.ContentDisposition?.FileName);
        Assert.Equal(
            $"</v1/relocations/{Samples.ObjectDigest.Hex}/{Digest.Of(Samples.NewBtf).Hex}>; rel=\"describedby\"", answer.Header("Link"));
    }

    [Fact]
    public async Task Zip_has_the_object_and_the_report_and_is_the_same_each_time()
    {
        var first = await ZipAsync();
        Assert.Equal(first, await ZipAsync());
        await using var zip = new ZipArchive(new MemoryStream(first));
        Assert.Equal(["run.bpf.o", "report.json"], zip.Entries.Select(e => e.FullName));
        Assert.All(zip.Entries, e => Assert.Equal(new DateTime(1980, 1, 1), e.LastWriteTime.DateTime)); // no clock in the file
        var report = (await JsonNode.ParseAsync(await zip.Entries[1].OpenAsync()))!;
        using var patched = new MemoryStream();
        await (await zip.Entries[0].OpenAsync()).CopyToAsync(patched);
        Assert.Equal((string?)report["patched"]!["sha256"], Digest.Of(patched.ToArray()).ToString());

        async Task<byte[]> ZipAsync()
        {
            using var request =
                new HttpRequestMessage(HttpMethod.Post, Route + "&name=run.bpf.o") { Content = Answers.Body(Samples.Object) };
            return await (await service.Http.SendAsync(request.Accepting("application/zip"))).Content.ReadAsByteArrayAsync();
        }
    }

    [Theory]
    [InlineData(Samples.NewKernel, "guarded", "poisoned")] // __state is missing, but only read where it exists
    [InlineData("no-pid", "broken", "poisoned")] // pid is read unconditionally
    [InlineData("no-pid", "broken", "broken")]
    public async Task FailOn_makes_a_poisoned_outcome_a_problem_with_the_whole_report(string kernel, string verdict, string failOn)
    {
        await AddKernelWithoutPidAsync();
        using var answer = await service.Http.PostAsync($"/v1/relocations?kernel={kernel}&failOn={failOn}", Answers.Body(Samples.Object));
        var problem = await answer.ProblemAsync(HttpStatusCode.UnprocessableEntity, "relocation-unusable");
        Assert.Equal(verdict, (string?)problem["report"]!["verdict"]);
        Assert.Equal(11, problem["report"]!["relocations"]!.AsArray().Count);

        // Outcomes that failOn does not name are sent. A refused one is stored, and its address works.
        Assert.Equal(
            HttpStatusCode.OK, (await service.Http.PostAsync($"/v1/relocations?kernel={kernel}", Answers.Body(Samples.Object))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await service.Http.GetAsync((string)problem["report"]!["patched"]!["url"]!)).StatusCode);
    }

    [Fact]
    public async Task FailOn_absent_names_what_the_kernel_lacks()
    {
        // A kernel that has no helper beyond number 2.
        var types = new BtfWriter();
        types.Struct("task_struct", 64, new BtfWriter.Member("pid", types.Int("int", 4, 1), 0));
        types.Enum("bpf_func_id", 4, false, ("BPF_FUNC_unspec", 0), ("__BPF_FUNC_MAX_ID", 3));
        using var added =
            await service.Http.PostAsync("/v1/kernels?distro=made&version=1&arch=x86_64&release=no-helpers", Answers.Body(types.ToBytes()));
        Assert.Equal(HttpStatusCode.Created, added.StatusCode);
        var report = await (await service.Http.PostAsync("/v1/relocations?kernel=no-helpers", Answers.Body(Samples.Object))).JsonAsync();
        var absent = report["checks"]!.AsArray().Where(check => (string?)check!["status"] == "absent" && !(bool)check["optional"]!)
            .ToList();
        Assert.NotEmpty(absent);
        Assert.Equal(absent.Count, (int)report["summary"]!["absent"]!);
        using var answer =
            await service.Http.PostAsync("/v1/relocations?kernel=no-helpers&failOn=poisoned,absent", Answers.Body(Samples.Object));
        var problem = await answer.ProblemAsync(HttpStatusCode.UnprocessableEntity, "relocation-unusable");
        Assert.Contains((string)absent[0]!["evidence"]!, (string?)problem["detail"], StringComparison.Ordinal);
        Assert.Contains("failOn=poisoned,absent", (string?)problem["detail"], StringComparison.Ordinal);
        var unknown = await service.Http.PostAsync("/v1/relocations?kernel=no-helpers&failOn=broken,absnt", Answers.Body(Samples.Object));
        Assert.Equal("absent", (string?)(await unknown.ProblemAsync(HttpStatusCode.BadRequest, "invalid-parameter"))["didYouMean"]);
    }

    [Fact]
    public async Task FailOn_broken_lets_guarded_pass()
    {
        var report = await (await service.Http.PostAsync(Route + "&failOn=broken", Answers.Body(Samples.Object))).JsonAsync();
        Assert.Equal("guarded", (string?)report["verdict"]);
    }

    [Fact]
    public async Task Answer_depends_on_Accept_and_says_so()
    {
        using var answer = await service.Http.PostAsync(Route, Answers.Body(Samples.Object));
        Assert.Equal("Accept", answer.Header("Vary"));
        Assert.Equal("nosniff", answer.Header("X-Content-Type-Options"));
    }

    private Task<HttpResponseMessage> AddKernelWithoutPidAsync() =>
        service.Http.PostAsync("/v1/kernels?distro=test&version=1&arch=x86_64&release=no-pid", Answers.Body(MadeUpBtf.WithoutPid()));

    private static IEnumerable<string> Names(JsonNode? node) => node!.AsObject().Select(m => m.Key);
}
