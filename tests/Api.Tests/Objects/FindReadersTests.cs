using System.Net;
using System.Text.Json.Nodes;
using Relo.Api.Tests.Fixtures;
using Relo.Archive.Tests.Fixtures;
using Relo.Core.Bpf;
using Relo.Core.Btf;
using Relo.Core.BtfExt;
using Relo.Core.Bytes;
using Relo.Core.Tests.Building;

namespace Relo.Api.Tests.Objects;

/// <summary>GET /v1/objects?reads=….</summary>
public sealed class FindReadersTests(Service service) : IClassFixture<Service>
{
    [Fact]
    public async Task Objects_that_read_the_field_are_listed_with_the_places()
    {
        (await service.Http.PostAsync("/v1/objects?name=reader", Answers.Body(Samples.Object))).EnsureSuccessStatusCode();
        var item = Assert.Single(await ItemsAsync("task_struct.state"))!;
        Assert.Equal(Samples.ObjectDigest.ToString(), (string?)item["sha256"]);
        var reads = item["reads"]!.AsArray();
        Assert.NotEmpty(reads);
        Assert.All(reads, read => Assert.Contains(".state ", (string?)read!["local"], StringComparison.Ordinal));
        Assert.Empty(await ItemsAsync("task_struct.no_such_field"));
        var all = await (await service.Http.GetAsync("/v1/objects")).JsonAsync();
        Assert.All(all["items"]!.AsArray(), one => Assert.Null(one!["reads"]));
    }

    [Theory]
    [InlineData("/v1/objects?reads=")]
    [InlineData("/v1/objects?reads=.")]
    [InlineData("/v1/objects?reads=task_struct&limit=0")]
    [InlineData("/v1/objects?reads=task_struct&after=x")]
    public async Task What_is_wrong_is_refused(string address) =>
        await (await service.Http.GetAsync(address)).ProblemAsync(HttpStatusCode.BadRequest, "invalid-parameter");

    [Fact]
    public async Task Damaged_object_is_left_out_and_hides_no_other()
    {
        using var own = new ServiceHost(root: null);
        TestBlobs.SkipUnlessFiles();
        byte[] damaged = [.. Samples.Object, 0];
        foreach (var bytes in new[] { Samples.Object, damaged })
            (await own.Http.PostAsync("/v1/objects", Answers.Body(bytes))).EnsureSuccessStatusCode();
        var folder = Path.Combine(own.Root, "blobs", "objects");
        var blob = Directory.EnumerateFiles(folder, $"*{Digest.Of(damaged).Hex}*", SearchOption.AllDirectories).Single();
        await File.WriteAllTextAsync(blob, "damaged");
        using var answer = await own.Http.GetAsync("/v1/objects?reads=task_struct.state");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var item = Assert.Single((await answer.JsonAsync())["items"]!.AsArray())!;
        Assert.Equal(Samples.ObjectDigest.ToString(), (string?)item["sha256"]);
    }

    [Fact]
    public async Task Page_of_long_names_ends_early()
    {
        using var own = new ServiceHost(root: null);
        var bpf = WithLongNames();
        for (byte i = 0; i < 3; i++)
            (await own.Http.PostAsync("/v1/objects?fields=maps", Answers.Body([.. bpf, i]))).EnsureSuccessStatusCode();
        var first = await (await own.Http.GetAsync("/v1/objects?reads=task_struct")).JsonAsync();
        Assert.Equal(2, first["items"]!.AsArray().Count);
        var second = await (await own.Http.GetAsync($"/v1/objects?reads=task_struct&after={first["next"]}")).JsonAsync();
        Assert.Single(second["items"]!.AsArray());
        Assert.Null(second["next"]);
    }

    // A hundred records, each about a path of 62 names with 1,000 characters.
    private static byte[] WithLongNames()
    {
        const int members = 62, records = 100;
        var writer = new ObjectWriter();
        var type = writer.Btf.Int("int", 4, encoding: 1);
        for (var i = 1; i <= members; i++)
            type = writer.Btf.Struct(i == members ? "task_struct" : $"inner{i}", 4, new BtfWriter.Member(new string('m', 1000), type, 0));
        var section = writer.Section("raw_tp/x");
        for (var i = 0; i < records; i++)
        {
            var at = section.Add(new Instruction(0x61, 1, 2, 0, 0)); // r1 = *(u32 *)(r2 + 0)
            writer.Relo(section, at, type, string.Join(':', new int[1 + members]), CoreReloKind.FieldByteOffset);
        }

        section.Add(new Instruction(0x95, 0, 0, 0, 0));
        return writer.ToBytes();
    }

    private async Task<JsonArray> ItemsAsync(string reads) =>
        (await (await service.Http.GetAsync($"/v1/objects?reads={reads}")).JsonAsync())["items"]!.AsArray();
}
