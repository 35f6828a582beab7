using System.Net;
using Relo.Api.Tests.Fixtures;
using Relo.Core.Btf;

namespace Relo.Api.Tests.Types;

/// <summary>GET /v1/types, /v1/types/{name} and /v1/types/{name}/diff.</summary>
public sealed class TypesTests(Service service) : IClassFixture<Service>
{
    private const string Old = "5.10.0-flags-status", New = "5.11.0-syscall-work";

    [Fact]
    public async Task Type_has_its_members_with_offsets()
    {
        var document = await (await service.Http.GetAsync($"/v1/types/task_struct?kernel={New}")).JsonAsync();
        Assert.Equal(Samples.NewKernel, (string?)document["kernel"]!["id"]);
        var state = document["type"]!["members"]!.AsArray().Single(member => (string?)member!["name"] == "state")!;
        Assert.Equal((24, 8, "volatile long"), ((int)state["offsetBytes"]!, (int)state["sizeBytes"]!, (string)state["type"]!));
        Assert.Equal("struct", (string?)document["type"]!["kind"]);
        Assert.Empty(document["others"]!.AsArray());
    }

    [Theory]
    [InlineData("struct%20task_struct")]
    [InlineData("task_struct")]
    public async Task Text_is_C_with_offsets(string name)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/types/{name}?kernel={Old}").Accepting("text/plain");
        var answer = await service.Http.SendAsync(request);
        Assert.Equal("text/plain; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
        var text = await answer.Content.ReadAsStringAsync();
        Assert.StartsWith($"/* {Samples.OldKernel} */\nstruct task_struct {{\n", text, StringComparison.Ordinal);
        Assert.Contains("state;                /*    16     8 */", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Uses_of_a_type_are_what_is_declared_with_it_page_by_page()
    {
        var page = await (await service.Http.GetAsync($"/v1/types/task_struct/uses?kernel={New}")).JsonAsync();
        var uses = page["items"]!.AsArray().Select(use => ((string)use!["in"]!, (string?)use["member"], (string)use["declaration"]!)).ToList();
        Assert.Contains(("struct task_struct", "real_parent", "struct task_struct *real_parent"), uses);
        Assert.Contains(("func syscall_work_is_set", null, "int syscall_work_is_set(struct task_struct *p, enum syscall_work_bit bit)"), uses);
        Assert.Null((string?)page["next"]);
        await (await service.Http.GetAsync($"/v1/types/task_struct/uses?kernel={New}&after=x"))
            .ProblemAsync(HttpStatusCode.BadRequest, "invalid-parameter");
        await (await service.Http.GetAsync($"/v1/types/nothing_here/uses?kernel={New}")).ProblemAsync(HttpStatusCode.NotFound, "type-not-found");
    }

    [Fact]
    public async Task Difference_of_two_kernels_names_what_moved_and_what_caused_it()
    {
        var document = await (await service.Http.GetAsync($"/v1/types/task_struct/diff?from={Old}&to={New}")).JsonAsync();
        var changes = document["changes"]!.AsArray().ToDictionary(change => (string)change!["path"]!, change => (string)change!["change"]!);
        Assert.Equal(("moved", "added", "resized"), (changes["state"], changes["thread_info.syscall_work"], changes["thread_info"]));
        Assert.Equal((120, 128), ((int)document["fromSizeBytes"]!, (int)document["toSizeBytes"]!));
        Assert.Empty(
            (await (await service.Http.GetAsync($"/v1/types/task_struct/diff?from={New}&to={New}")).JsonAsync())["changes"]!.AsArray());
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/types/task_struct/diff?from={Old}&to={New}")
            .Accepting("text/plain");
        Assert.Contains("\nmoved             state ", await (await service.Http.SendAsync(request)).Content.ReadAsStringAsync(),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Difference_with_too_many_changes_is_refused()
    {
        foreach (var letter in new[] { "a", "b" })
        {
            var btf = new BtfWriter();
            var word = btf.Int("int", 4);
            btf.Struct("wide", 4, [.. Enumerable.Range(0, 60_000).Select(i => new BtfWriter.Member($"{letter}{i}", word, 0))]);
            var address = $"/v1/kernels?distro=wide&version=1&arch=x86_64&release=1.0.0-{letter}";
            (await service.Http.PostAsync(address, Answers.Body(btf.ToBytes()))).EnsureSuccessStatusCode();
        }

        var answer = await service.Http.GetAsync("/v1/types/wide/diff?from=wide/1/x86_64/1.0.0-a&to=wide/1/x86_64/1.0.0-b");
        await answer.ProblemAsync(HttpStatusCode.RequestEntityTooLarge, "report-too-large");
    }

    [Fact]
    public async Task Search_goes_through_all_pages()
    {
        var names = new List<string>();
        for (var address = $"/v1/types?kernel={New}&q=s&limit=2"; address is not null;)
        {
            var answer = await service.Http.GetAsync(address);
            var page = await answer.JsonAsync();
            names.AddRange(page["items"]!.AsArray().Select(item => (string)item!["name"]!));
            Assert.True(page["items"]!.AsArray().Count <= 2);
            address = (string?)page["next"] is { } next ? $"/v1/types?kernel={New}&q=s&limit=2&after={next}" : null;
            Assert.Equal(address is not null, answer.Headers.Contains("Link"));
        }

        var whole = await (await service.Http.GetAsync($"/v1/types?kernel={New}&q=s&limit=1000")).JsonAsync();
        Assert.Equal(whole["items"]!.AsArray().Select(item => (string)item!["name"]!), names);
        Assert.Contains("task_struct", names);
    }

    [Theory]
    [InlineData("/v1/types/nothing?kernel=5.11.0-syscall-work", 404, "type-not-found")]
    [InlineData("/v1/types/task_struct?kernel=5.11.0-syscall-work&kind=union", 404, "type-not-found")]
    [InlineData("/v1/types/task_struct?kernel=5.11.0-syscall-work&kind=class", 400, "invalid-parameter")]
    [InlineData("/v1/types/task_struct?kernel=1.2.3-none", 404, "kernel-not-found")]
    [InlineData("/v1/types/task_struct", 400, "invalid-kernel")]
    [InlineData("/v1/types/task_struct/diff?from=5.11.0-syscall-work", 400, "invalid-parameter")]
    [InlineData("/v1/types?kernel=5.11.0-syscall-work", 400, "invalid-parameter")]
    [InlineData("/v1/types?kernel=5.11.0-syscall-work&q=a&after=x", 400, "invalid-parameter")]
    [InlineData("/v1/types?kernel=5.11.0-syscall-work&q=a&limit=0", 400, "invalid-parameter")]
    [InlineData("/v1/types?kernel=5.11.0-syscall-work&q=a&module=none", 400, "invalid-parameter")]
    [InlineData("/v1/types/task_struct?kernel=5.11.0-syscall-work&module=none", 400, "invalid-parameter")]
    [InlineData("/v1/vmlinux.h", 400, "invalid-kernel")]
    [InlineData("/v1/vmlinux.h?kernel=1.2.3-none", 404, "kernel-not-found")]
    [InlineData("/v1/vmlinux.h?kernel=5.11.0-syscall-work&module=none", 400, "invalid-parameter")]
    public async Task What_is_wrong_is_refused(string address, int status, string code)
        => await (await service.Http.GetAsync(address)).ProblemAsync((HttpStatusCode)status, code);

    [Fact]
    public async Task Header_is_C_that_is_downloaded_once()
    {
        var answer = await service.Http.GetAsync($"/v1/vmlinux.h?kernel={New}");
        var text = await answer.Content.ReadAsStringAsync();
        Assert.Contains("struct task_struct {\n\tstruct thread_info thread_info;\n", text, StringComparison.Ordinal);
        Assert.Contains($" * {Samples.NewKernel}, BTF sha256:", text, StringComparison.Ordinal);
        Assert.Equal(("text/plain", "vmlinux.h"),
            (answer.Content.Headers.ContentType!.MediaType, answer.Content.Headers.ContentDisposition!.FileName));
        using var again = new HttpRequestMessage(HttpMethod.Get, $"/v1/vmlinux.h?kernel={New}");
        again.Headers.IfNoneMatch.Add(answer.Headers.ETag!);
        Assert.Equal(HttpStatusCode.NotModified, (await service.Http.SendAsync(again)).StatusCode);
    }

    [Fact]
    public async Task Module_has_the_types_that_its_kernel_lacks()
    {
        var split = new BtfWriter(splitBase: BtfReader.Read(Samples.NewBtf));
        split.Struct("only_in_module", 8, new BtfWriter.Member("x", split.Int("long", 8), 0));
        var address = $"/v1/kernels?module=some_module&distro=sample&version=1&arch=x86_64&release={New}";
        (await service.Http.PostAsync(address, Answers.Body(split.ToBytes()))).EnsureSuccessStatusCode();
        var document = await (await service.Http.GetAsync($"/v1/types/only_in_module?kernel={New}")).JsonAsync();
        Assert.Equal(("some_module", 8), ((string?)document["module"], (int)document["type"]!["sizeBytes"]!));
        var page = await (await service.Http.GetAsync($"/v1/types?kernel={New}&module=some-module&q=only")).JsonAsync();
        Assert.Equal(["only_in_module"], page["items"]!.AsArray().Select(item => (string?)item!["name"]));
        Assert.Contains("struct only_in_module {\n\tlong x;\n};",
            await service.Http.GetStringAsync($"/v1/vmlinux.h?kernel={New}&module=some_module"), StringComparison.Ordinal);
        Assert.Null((string?)(await (await service.Http.GetAsync($"/v1/types/task_struct?kernel={New}")).JsonAsync())["module"]);
    }
}
