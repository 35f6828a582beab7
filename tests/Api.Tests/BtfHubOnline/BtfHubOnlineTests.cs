using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Relo.Api.BtfHubOnline;
using Relo.Api.Tests.Fixtures;

namespace Relo.Api.Tests.BtfHubOnline;

public sealed class BtfHubOnlineTests(Service service) : IClassFixture<Service>
{
    private static readonly OldIdentifier New = new("sample", "1", "5.11.0-syscall-work", "x86_64");

    private readonly OldClient _client = new(service.Http);

    [Fact]
    public async Task Old_client_lists_the_kernels() => Assert.Contains(New, await _client.ListAsync());

    [Fact]
    public async Task Old_client_downloads_what_it_saw_in_the_list()
    {
        foreach (var kernel in await _client.ListAsync())
        {
            var file = Assert.Single(OldClient.Unpack(await _client.GetRawBtfAsync(kernel)));
            Assert.Equal($"{kernel.KernelVersion}.btf", file.Key);
            Assert.Equal(kernel == New ? Samples.NewBtf : Samples.OldBtf, file.Value);
        }
    }

    [Fact]
    public async Task Old_client_gets_minimal_BTF_in_either_of_the_forms_that_are_written_down()
    {
        var raw =
            await (await service.Http.PostAsync(
                $"/v1/minimal-btf?kernel={Samples.NewKernel}", Answers.Body(Samples.Object))).Content.ReadAsByteArrayAsync();
        foreach (var packed in new[]
        {
            await _client.GetCustomBtfAsync(New, Samples.Object), await _client.GetCustomBtfUrlEncodedAsync(New, Samples.Object),
        })
        {
            var file = Assert.Single(OldClient.Unpack(packed));
            Assert.Equal("5.11.0-syscall-work.btf", file.Key);
            Assert.Equal(raw, file.Value);
        }
    }

    [Fact]
    public async Task Files_have_the_fields_they_used_to_have_and_those_of_all_downloads()
    {
        using var answer = await service.Http.GetAsync($"/api/v1/download?{New.Query}");
        Assert.Equal("File Transfer", answer.Header("Content-Description"));
        Assert.Equal("binary", answer.Header("Content-Transfer-Encoding"));
        Assert.Equal("5.11.0-syscall-work.btf.tar.xz", answer.Content.Headers.ContentDisposition?.FileName);
        using var again = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/download?{New.Query}");
        again.Headers.IfNoneMatch.Add(answer.Headers.ETag!);
        Assert.Equal(HttpStatusCode.NotModified, (await service.Http.SendAsync(again)).StatusCode);
    }

    [Fact]
    public async Task Packing_is_done_once_for_all_who_ask()
    {
        using var own = new ServiceHost(root: null);
        await Task.WhenAll(
            Enumerable.Range(0, 50).Select(_ => own.Http.GetByteArrayAsync(new Uri($"/api/v1/download?{New.Query}", UriKind.Relative))));
        Assert.Equal(1, own.Services.GetRequiredService<PackedBtf>().Tally.Made);
    }

    [Fact]
    public async Task Spellings_of_an_architecture_are_one()
    {
        using var answer = await service.Http.GetAsync($"/api/v1/download?{(New with { Arch = "amd64" }).Query}");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Where_it_used_to_fail_with_500_it_says_what_is_wrong()
    {
        var nowhere = New with { KernelVersion = "9.9.9-nowhere" };
        await (await service.Http.GetAsync($"/api/v1/download?{nowhere.Query}")).ProblemAsync(HttpStatusCode.NotFound, "kernel-not-found");
        await (await service.Http.PostAsync($"/api/v1/customize?{nowhere.Query}", Form("bpf", Samples.Object)))
            .ProblemAsync(HttpStatusCode.NotFound, "kernel-not-found");
        await (await service.Http.PostAsync($"/api/v1/customize?{New.Query}", Form("bpf", [1, 2, 3])))
            .ProblemAsync(HttpStatusCode.UnprocessableEntity, "not-a-bpf-object");
        await (await service.Http.PostAsync($"/api/v1/customize?{New.Query}", Form("object", Samples.Object)))
            .ProblemAsync(HttpStatusCode.BadRequest, "empty-body");
        await (await service.Http.PostAsync($"/api/v1/customize?{New.Query}",
            Answers.Body("bpf="u8.ToArray(), "application/x-www-form-urlencoded"))).ProblemAsync(HttpStatusCode.BadRequest, "empty-body");
        var problem = await (await service.Http.GetAsync("/api/v1/download?distribution=ubuntu&arch=x86_64"))
            .ProblemAsync(HttpStatusCode.BadRequest, "invalid-parameter");
        Assert.Contains("distribution_version", (string?)problem["detail"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Encoded_form_may_not_be_larger_than_any_other_object()
    {
        using var small = new ServiceHost(root: null, ("Limits:ObjectBytes", "1024"));
        foreach (var body in new[]
        {
            "bpf=" + new string('a', 1025), "bpf=" + string.Concat(Enumerable.Repeat("%41", 1025)), new string('a', 1025),
            new string('a', 4000),
        })
        {
            using var answer = await small.Http.PostAsync($"/api/v1/customize?{New.Query}",
                Answers.Body(System.Text.Encoding.ASCII.GetBytes(body), "application/x-www-form-urlencoded"));
            await answer.ProblemAsync(HttpStatusCode.RequestEntityTooLarge, "body-too-large");
        }
    }

    [Fact]
    public async Task Monitoring_is_where_it_was()
    {
        using var health = await service.Http.GetAsync("/monitoring/health");
        Assert.Equal("{}", await health.Content.ReadAsStringAsync());
        Assert.Equal("application/json", health.Content.Headers.ContentType?.MediaType);
        Assert.Contains(
            "# TYPE ", await service.Http.GetStringAsync(new Uri("/monitoring/metrics", UriKind.Relative)), StringComparison.Ordinal);
    }

    private static MultipartFormDataContent Form(string field, byte[] bytes) => new() { { Answers.Body(bytes), field, "from_memory" } };
}
