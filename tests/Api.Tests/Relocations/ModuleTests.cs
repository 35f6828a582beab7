using System.Text.Json.Nodes;
using Relo.Api.Tests.Fixtures;
using Relo.Core.Btf;

namespace Relo.Api.Tests.Relocations;

/// <summary>A type that only a module has: found as libbpf finds it, and not identified by two digests.</summary>
public sealed class ModuleTests(Service service) : IClassFixture<Service>
{
    private const string Kernel = "release=5.9.0-modular&arch=x86_64&distro=test&version=1";

    [Fact]
    public async Task A_type_of_a_module_is_found_once_the_module_is_there_and_has_no_address_of_two_digests()
    {
        var vmlinux = new BtfWriter();
        vmlinux.Int("long unsigned int", 8);
        await PostAsync($"/v1/kernels?{Kernel}", vmlinux.ToBytes());

        var before = await RelocateAsync();
        Assert.All(Entries(before), entry => Assert.Null(entry!["module"]));
        Assert.Equal("no-type", (string?)State(before)["reason"]);
        var address = (string?)before["patched"]!["url"];
        var alone = await service.Http.GetByteArrayAsync(address, TestContext.Current.CancellationToken);

        var module = new BtfWriter(splitBase: BtfReader.Read(vmlinux.ToBytes()));
        module.Struct("task_struct", 48, new BtfWriter.Member("state", 1, 40 * 8));
        await PostAsync($"/v1/kernels?{Kernel}&module=tasks", module.ToBytes());

        var after = await RelocateAsync();
        Assert.Equal(("tasks", 40L), ((string?)State(after)["module"], (long?)State(after)["targetValue"]));
        Assert.Null((string?)after["patched"]!["url"]);
        Assert.NotEqual((string?)before["patched"]!["sha256"], (string?)after["patched"]!["sha256"]);
        // The address of two digests gives what it gave: it is immutable.
        Assert.Equal(alone, await service.Http.GetByteArrayAsync(address, TestContext.Current.CancellationToken));
    }

    private static JsonArray Entries(JsonNode report) => report["relocations"]!.AsArray();

    private static JsonNode State(JsonNode report) =>
        Entries(report).Single(entry => ((string)entry!["local"]!).StartsWith("struct task_struct.state ", StringComparison.Ordinal))!;

    private async Task<JsonNode> RelocateAsync() =>
        (await PostAsync("/v1/relocations?kernel=test/1/x86_64/5.9.0-modular", Samples.Object))!;

    private async Task<JsonNode?> PostAsync(string path, byte[] body)
    {
        using var answer = await service.Http.PostAsync(path, new ByteArrayContent(body), TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonNode.Parse(text);
    }
}
