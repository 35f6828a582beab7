using System.Net;
using System.Security.Cryptography;
using Relo.Api.Tests.Fixtures;

namespace Relo.Api.Tests.Http.Parameters;

/// <summary>The fields of a form are parameters like those of the query.</summary>
public sealed class FormFieldTests(Service service) : IClassFixture<Service>
{
    public static TheoryData<string> Routes => ["/v1/relocations", "/v1/minimal-btf", "/v1/bundles", "/v1/compatibility", "/v1/objects"];

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Unknown_field_is_refused(string route)
    {
        using var form =
            new MultipartFormDataContent { { new ByteArrayContent(Samples.Object), "object", "a.o" }, { new StringContent("x"), "nam" } };
        var problem = await (await service.Http.PostAsync(route, form)).ProblemAsync(HttpStatusCode.BadRequest, "unknown-parameter");
        Assert.Equal(("nam", "name"), ((string?)problem["parameter"], (string?)problem["didYouMean"]));
        Assert.Contains("object", problem["known"]!.AsArray().Select(k => (string)k!));
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task File_in_an_unknown_field_is_told_which_field_is_for_files(string route)
    {
        using var form = new MultipartFormDataContent { { new ByteArrayContent(Samples.Object), "bpf", "a.o" } };
        var problem = await (await service.Http.PostAsync(route, form)).ProblemAsync(HttpStatusCode.BadRequest, "unknown-parameter");
        Assert.Equal(("bpf", "object"), ((string?)problem["parameter"], (string?)problem["didYouMean"]));
    }

    [Theory]
    [InlineData("lgo", "log")]
    [InlineData("bpf", "object")]
    public async Task Route_that_takes_two_files_names_both_fields(string field, string meant)
    {
        using var form = new MultipartFormDataContent { { new ByteArrayContent(Samples.Object), field, "a.o" } };
        var problem = await (await service.Http.PostAsync("/v1/diagnoses", form))
            .ProblemAsync(HttpStatusCode.BadRequest, "unknown-parameter");
        Assert.Equal(meant, (string?)problem["didYouMean"]);
        Assert.Superset(new HashSet<string> { "object", "log" }, problem["known"]!.AsArray().Select(k => (string)k!).ToHashSet());
    }

    [Fact]
    public async Task Field_that_the_query_has_too_is_given_twice()
    {
        using var form =
            new MultipartFormDataContent
            {
                { new ByteArrayContent(Samples.Object), "object", "a.o" }, { new StringContent("b.o"), "name" },
            };
        var problem = await (await service.Http.PostAsync($"/v1/relocations?kernel={Samples.NewKernel}&name=c.o", form))
            .ProblemAsync(HttpStatusCode.BadRequest, "invalid-parameter");
        Assert.Equal("name", (string?)problem["parameter"]);
    }

    [Fact]
    public async Task Field_and_file_that_are_there_twice_are_refused()
    {
        using var fields =
            new MultipartFormDataContent
            {
                { new ByteArrayContent(Samples.Object), "object", "a.o" }, { new StringContent("a"), "kernel" },
                { new StringContent("b"), "KERNEL" },
            };
        await (await service.Http.PostAsync("/v1/relocations", fields)).ProblemAsync(HttpStatusCode.BadRequest, "invalid-parameter");
        using var files =
            new MultipartFormDataContent
            {
                { new ByteArrayContent(Samples.Object), "object", "a.o" }, { new ByteArrayContent(Samples.Object), "object", "b.o" },
            };
        await (await service.Http.PostAsync($"/v1/relocations?kernel={Samples.NewKernel}", files))
            .ProblemAsync(HttpStatusCode.BadRequest, "invalid-body");
    }

    [Fact]
    public async Task Word_in_a_field_is_checked_as_in_the_query()
    {
        using var form =
            new MultipartFormDataContent
            {
                { new ByteArrayContent(Samples.Object), "object", "a.o" }, { new StringContent(Samples.NewKernel), "kernel" },
                { new StringContent("always"), "failOn" },
            };
        await (await service.Http.PostAsync("/v1/relocations", form)).ProblemAsync(HttpStatusCode.BadRequest, "invalid-parameter");
    }

    [Theory]
    [InlineData("file")]
    [InlineData("kernel")]
    [InlineData("btf")]
    [InlineData("object")]
    public async Task Kernel_file_comes_in_a_form_with_its_parameters_before_and_after_it(string field)
    {
        using var form = new MultipartFormDataContent
        {
            { new StringContent("debian"), "distro" }, { new StringContent("12"), "version" },
            { new ByteArrayContent(Samples.NewBtf), field, "vmlinux" },
            { new StringContent("x86_64"), "arch" }, { new StringContent($"6.1.0-{field}"), "release" },
        };
        var answer = await service.Http.PostAsync("/v1/kernels", form);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Equal($"debian/12/x86_64/6.1.0-{field}", (string?)(await answer.JsonAsync())["id"]);
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(service.Root, "uploads")));
    }

    [Fact]
    public async Task Form_of_a_kernel_is_checked_like_any_other()
    {
        await RefusedAsync("unknown-parameter", new StringContent("6.1"), "relese");
        await RefusedAsync("invalid-parameter", new StringContent("perhaps"), "replace");
        await RefusedAsync("invalid-body", new ByteArrayContent(Samples.OldBtf), "btf", "second");
        using var none = new MultipartFormDataContent { { new StringContent("6.1"), "release" } };
        await (await service.Http.PostAsync("/v1/kernels", none)).ProblemAsync(HttpStatusCode.BadRequest, "empty-body");
        using var empty = new MultipartFormDataContent { { new ByteArrayContent([]), "file", "vmlinux" } };
        await (await service.Http.PostAsync("/v1/kernels", empty)).ProblemAsync(HttpStatusCode.BadRequest, "empty-body");

        async Task RefusedAsync(string code, HttpContent part, string name, string? fileName = null)
        {
            using var form = new MultipartFormDataContent { { new ByteArrayContent(Samples.NewBtf), "file", "vmlinux" } };
            if (fileName is null) form.Add(part, name);
            else form.Add(part, name, fileName);
            await (await service.Http.PostAsync("/v1/kernels?arch=x86_64", form)).ProblemAsync(HttpStatusCode.BadRequest, code);
        }
    }

    [Fact]
    public async Task Digest_of_a_form_with_a_kernel_is_checked_to_its_last_byte()
    {
        using var form =
            new MultipartFormDataContent
            {
                { new ByteArrayContent(Samples.NewBtf), "file", "vmlinux" }, { new StringContent("7.7"), "release" },
                { new StringContent("x86_64"), "arch" },
            };
        var bytes = await form.ReadAsByteArrayAsync();
        Assert.Equal(HttpStatusCode.Created, (await SendAsync(bytes)).StatusCode);
        await (await SendAsync([.. bytes, .. "after the end"u8])).ProblemAsync(HttpStatusCode.BadRequest, "digest-mismatch");

        async Task<HttpResponseMessage> SendAsync(byte[] sent)
        {
            var body = Answers.Body(sent, form.Headers.ContentType!.ToString());
            body.Headers.Add("Content-Digest", $"sha-256=:{Convert.ToBase64String(SHA256.HashData(bytes))}:");
            return await service.Http.PostAsync("/v1/kernels", body);
        }
    }
}
