using System.Net;
using Relo.Api.Tests.Fixtures;
using Relo.Core.Btf;

namespace Relo.Api.Tests.Types;

/// <summary>GET /v1/types/{name}/history.</summary>
public sealed class HistoryTests(Service service) : IClassFixture<Service>
{
    [Fact]
    public async Task Kernels_are_in_version_order_and_a_border_says_what_changed()
    {
        await AddAsync("b", ("5.10.0-9", Samples.OldBtf), ("5.10.0-10", Samples.OldBtf), ("5.11.0-1", Samples.NewBtf), ("5.10.0-9-rt", Samples.NewBtf));
        var document = await (await service.Http.GetAsync("/v1/types/task_struct/history?distro=history-b")).JsonAsync();
        Assert.Equal(("struct task_struct", 4, 4, 0, 2), ((string)document["name"]!, (int)document["kernels"]!, (int)document["present"]!,
            (int)document["unread"]!, (int)document["layouts"]!));
        var items = document["items"]!.AsArray();
        Assert.Equal(
            [("", "5.10.0-9", "5.10.0-10", 2), ("", "5.11.0-1", "5.11.0-1", 1), ("rt", "5.10.0-9-rt", "5.10.0-9-rt", 1)],
            items.Select(item => ((string)item!["flavour"]!, Release(item["from"]), Release(item["to"]), (int)item["kernels"]!)));
        Assert.Equal((string?)items[1]!["layout"], (string?)items[2]!["layout"]);
        Assert.Null(items[0]!["changes"]);
        Assert.Contains(items[1]!["changes"]!.AsArray(), change => (string?)change!["path"] == "state" && (string?)change["change"] == "moved");
        Assert.Null(items[2]!["changes"]);
        var text = await TextAsync("/v1/types/task_struct/history?distro=history-b");
        Assert.StartsWith("struct task_struct: 2 layouts on 4 of 4 kernels\n\nhistory-b x86_64\n  5.10.0-9 to 5.10.0-10 (2 kernels)  120 bytes\n",
            text, StringComparison.Ordinal);
        Assert.Contains("      added             thread_info.syscall_work\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bare_name_of_a_variable_has_a_history_also_where_it_is_a_function_on_some_kernels()
    {
        await AddAsync("v", ("5.10.0-1", Btf(b => b.Var("a_symbol", b.Int("int", 4)))),
            ("5.10.0-2", Btf(b => b.Var("a_symbol", b.Int("long", 8)))),
            ("5.10.0-3", Btf(b => b.Ref(BtfKind.Func, b.FuncProto(0), "a_symbol"))));
        var variable = await (await service.Http.GetAsync("/v1/types/a_symbol/history?distro=history-v&release=5.10.0-1")).JsonAsync();
        Assert.Equal(("var a_symbol", 1), ((string)variable["name"]!, variable["items"]!.AsArray().Count));
        var document = await (await service.Http.GetAsync("/v1/types/a_symbol/history?distro=history-v")).JsonAsync();
        Assert.Equal("var a_symbol", (string?)document["name"]); // of the first kernel
        Assert.Equal([null, "int a_symbol -> long a_symbol", "long a_symbol -> void a_symbol(void)"],
            document["items"]!.AsArray().Select(item => item!["changes"]?.AsArray()[0] is { } change
                ? $"{(string?)change["from"]!["type"]} -> {(string?)change["to"]!["type"]}"
                : null));

        static byte[] Btf(Action<BtfWriter> write)
        {
            var btf = new BtfWriter();
            write(btf);
            return btf.ToBytes();
        }
    }

    [Fact]
    public async Task Pages_continue_where_the_one_before_ended()
    {
        await AddAsync("p", ("5.10.0-1", Samples.OldBtf), ("5.10.0-2", Samples.NewBtf), ("5.10.0-3", Samples.OldBtf));
        const string address = "/v1/types/task_struct/history?distro=history-p&limit=2";
        var first = await service.Http.GetAsync(address);
        Assert.Equal("2", (string?)(await first.JsonAsync())["next"]);
        Assert.Contains("after=2", Assert.Single(first.Headers.GetValues("Link")), StringComparison.Ordinal);
        var last = await (await service.Http.GetAsync(address + "&after=2")).JsonAsync();
        var item = Assert.Single(last["items"]!.AsArray())!;
        Assert.Equal(("5.10.0-3", true), (Release(item["from"]), item["changes"]!.AsArray().Count > 0)); // compared with the page before
        Assert.Null(last["next"]);
    }

    [Fact]
    public async Task Search_without_a_kernel_counts_the_kernels_that_have_each_name()
    {
        await AddAsync("s", ("5.10.0-1", Samples.OldBtf), ("5.10.0-2", Samples.NewBtf));
        var page = await (await service.Http.GetAsync("/v1/types?q=task_struct&distro=history-s")).JsonAsync();
        Assert.Null(page["kernel"]);
        var first = page["items"]!.AsArray()[0]!;
        Assert.Equal(("struct", "task_struct", 2), ((string)first["kind"]!, (string)first["name"]!, (int)first["kernels"]!));

        var names = new List<string>();
        for (var next = "0"; next is not null;)
        {
            var some = await (await service.Http.GetAsync($"/v1/types?q=s&distro=history-s&limit=3&after={next}")).JsonAsync();
            names.AddRange(some["items"]!.AsArray().Select(item => (string)item!["name"]!));
            next = (string?)some["next"];
        }

        Assert.Contains("task_struct", names);
        Assert.Equal(names.Count, names.Zip(names.Skip(1)).Count(pair => pair.First != pair.Second) + 1);
        await (await service.Http.GetAsync("/v1/types?q=a&module=x")).ProblemAsync(HttpStatusCode.BadRequest, "invalid-parameter");
    }

    [Theory]
    [InlineData("nothing/history", 404, "type-not-found")]
    [InlineData("task_struct/history?kind=union", 404, "type-not-found")]
    [InlineData("task_struct/history?kind=class", 400, "invalid-parameter")]
    [InlineData("task_struct/history?distro=none", 404, "kernel-not-found")]
    [InlineData("task_struct/history?after=x", 400, "invalid-parameter")]
    [InlineData("task_struct/history?limit=1001", 400, "invalid-parameter")]
    public async Task What_is_wrong_is_refused(string address, int status, string code) =>
        await (await service.Http.GetAsync("/v1/types/" + address)).ProblemAsync((HttpStatusCode)status, code);

    private async Task AddAsync(string name, params (string Release, byte[] Btf)[] kernels)
    {
        foreach (var (release, btf) in kernels)
        {
            var address = $"/v1/kernels?distro=history-{name}&version=1&arch=x86_64&release={release}";
            (await service.Http.PostAsync(address, Answers.Body(btf))).EnsureSuccessStatusCode();
        }
    }

    private async Task<string> TextAsync(string address)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address).Accepting("text/plain");
        return await (await service.Http.SendAsync(request)).Content.ReadAsStringAsync();
    }

    private static string Release(System.Text.Json.Nodes.JsonNode? id) => ((string)id!).Split('/')[3];
}
