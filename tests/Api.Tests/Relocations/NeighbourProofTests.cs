using System.Net;
using System.Text.Json.Nodes;
using Relo.Api.Tests.Fixtures;

namespace Relo.Api.Tests.Relocations;

/// <summary>For a missing kernel, the nearest older and newer ones show whether the object relocates to the same bytes on both.</summary>
public sealed class NeighbourProofTests : IDisposable
{
    private const string Older = "debian/12/x86_64/6.1.0-10-amd64", Newer = "debian/12/x86_64/6.1.0-14-amd64";
    private readonly ServiceHost _service = new(root: null, ("Archive:RegisterSamples", "false"));

    [Fact]
    public async Task Neighbours_of_different_BTF_where_nothing_the_object_reads_moved_give_the_same_bytes()
    {
        await AddAsync(Older, Samples.NewBtf);
        await AddAsync(Newer, MadeUpBtf.Of("the_same_types_under_another_digest"));
        var problem = await AskAsync("6.1.0-12-amd64");
        JsonNode older = Proof(problem, Older), newer = Proof(problem, Newer);
        Assert.Equal(("older", "newer"), ((string?)older["side"], (string?)newer["side"]));
        Assert.Equal([Newer], older["sameResultAs"]!.AsArray().Select(id => (string?)id));
        Assert.Equal([Older], newer["sameResultAs"]!.AsArray().Select(id => (string?)id));
        var patched = (string?)older["patched"];
        Assert.Equal(patched, (string?)newer["patched"]);
        Assert.Contains($"relocates to the same bytes {patched}", (string?)problem["detail"], StringComparison.Ordinal);

        // And it is what the relocation for either of them really gives.
        var report = await (await _service.Http.PostAsync($"/v1/relocations?kernel={Newer}", Answers.Body(Samples.Object))).JsonAsync();
        Assert.Equal(patched, (string?)report["patched"]!["sha256"]);
        Assert.Equal((string?)report["verdict"], (string?)newer["verdict"]);
    }

    [Fact]
    public async Task Neighbours_between_which_a_field_moved_do_not()
    {
        await AddAsync(Older, Samples.OldBtf);
        await AddAsync(Newer, Samples.NewBtf);
        var problem = await AskAsync("6.1.0-12-amd64");
        JsonNode older = Proof(problem, Older), newer = Proof(problem, Newer);
        Assert.Empty(older["sameResultAs"]!.AsArray());
        Assert.Empty(newer["sameResultAs"]!.AsArray());
        Assert.NotEqual((string?)older["patched"], (string?)newer["patched"]);
        Assert.DoesNotContain("same bytes", (string?)problem["detail"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_the_two_neighbours_are_tried_and_one_alone_proves_nothing()
    {
        await AddAsync(Older, Samples.NewBtf);
        await AddAsync("debian/12/x86_64/6.1.0-9-amd64", Samples.NewBtf);
        await AddAsync("debian/12/x86_64/6.1.0-12-cloud-amd64", Samples.NewBtf);
        var problem = await AskAsync("6.1.0-12-amd64");
        var proven = problem["nearest"]!.AsArray().Where(near => near!.AsObject().ContainsKey("proof")).ToList();
        Assert.Equal(Older, (string?)Assert.Single(proven)!["kernel"]!["id"]);
        Assert.Empty(Proof(problem, Older)["sameResultAs"]!.AsArray());
        Assert.Equal(3, problem["nearest"]!.AsArray().Count);
    }

    [Fact]
    public async Task A_neighbour_on_which_libbpf_would_fail_says_so()
    {
        await AddAsync(Older, Samples.NewBtf);
        await AddAsync(Newer, Samples.NewBtf);
        var broken = (byte[])Samples.Object.Clone();
        broken[broken.AsSpan().IndexOf<byte>([0x79, 0x11, 0x10, 0x00, 0, 0, 0, 0]) + 2] = 0x18; // not what the compiler recorded
        var problem = await AskAsync("6.1.0-12-amd64", broken);
        Assert.NotEmpty((string?)Proof(problem, Older)["failure"] ?? "");
        Assert.Empty(Proof(problem, Newer)["sameResultAs"]!.AsArray());
        Assert.False(Proof(problem, Newer).AsObject().ContainsKey("patched"));
    }

    [Fact]
    public async Task Without_an_object_there_is_no_proof()
    {
        await AddAsync(Older, Samples.NewBtf);
        var problem = await (await _service.Http.GetAsync("/v1/kernels/resolve?kernel=6.1.0-12-amd64"))
            .ProblemAsync(HttpStatusCode.NotFound, "kernel-not-found");
        Assert.All(problem["nearest"]!.AsArray(), near => Assert.False(near!.AsObject().ContainsKey("proof")));
    }

    private static JsonNode Proof(JsonObject problem, string id) =>
        problem["nearest"]!.AsArray().Single(near => (string?)near!["kernel"]!["id"] == id)!["proof"]!;

    private async Task<JsonObject> AskAsync(string kernel, byte[]? bpf = null) =>
        await (await _service.Http.PostAsync($"/v1/relocations?kernel={kernel}", Answers.Body(bpf ?? Samples.Object)))
            .ProblemAsync(HttpStatusCode.NotFound, "kernel-not-found");

    private async Task AddAsync(string id, byte[] btf)
    {
        var parts = id.Split('/');
        var answer = await _service.Http.PostAsync(
            $"/v1/kernels?distro={parts[0]}&version={parts[1]}&arch={parts[2]}&release={parts[3]}", Answers.Body(btf));
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
    }

    public void Dispose() => _service.Dispose();
}
