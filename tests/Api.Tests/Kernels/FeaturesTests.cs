using System.Net;
using Relo.Api.Tests.Fixtures;
using Relo.Core.Btf;

namespace Relo.Api.Tests.Kernels;

public sealed class FeaturesTests(Service service) : IClassFixture<Service>
{
    [Fact]
    public async Task Features_are_listed_with_their_evidence()
    {
        var types = new BtfWriter();
        types.Enum("bpf_func_id", 4, false, ("BPF_FUNC_unspec", 0), ("BPF_FUNC_ringbuf_output", 130), ("__BPF_FUNC_MAX_ID", 131));
        types.Enum("bpf_map_type", 4, false, ("BPF_MAP_TYPE_UNSPEC", 0), ("BPF_MAP_TYPE_HASH", 1));
        types.Ref(BtfKind.Typedef, types.Ptr(types.FuncProto(0)), "btf_trace_sched_switch");
        types.DeclTag("bpf_kfunc", types.Ref(BtfKind.Func, types.FuncProto(0), "bpf_task_acquire"));
        using var added = await service.Http.PostAsync(
            "/v1/kernels?distro=made&version=1&arch=x86_64&release=6.12.0-features", Answers.Body(types.ToBytes()));
        Assert.Equal(HttpStatusCode.Created, added.StatusCode);

        var features = await (await service.Http.GetAsync("/v1/features?kernel=6.12.0-features")).JsonAsync();
        Assert.Equal("made/1/x86_64/6.12.0-features", (string?)features["kernel"]!["id"]);
        var helper = Assert.Single(features["helpers"]!.AsArray())!;
        Assert.Equal(("bpf_ringbuf_output", "enum bpf_func_id: BPF_FUNC_ringbuf_output = 130", "5.8"),
            ((string?)helper["name"], (string?)helper["evidence"], (string?)helper["since"]));
        Assert.Equal(["hash"], Names("mapTypes"));
        Assert.Equal(["sched_switch"], Names("tracepoints"));
        Assert.Equal(["bpf_task_acquire"], Names("kfuncs"));
        Assert.Contains("there is no enum bpf_prog_type", features["unknown"]!.AsArray().Select(why => (string?)why));

        IEnumerable<string?> Names(string list) => features[list]!.AsArray().Select(feature => (string?)feature!["name"]);
    }

    [Fact]
    public async Task A_kernel_that_is_not_here_is_a_problem_with_the_nearest()
    {
        var problem = await (await service.Http.GetAsync("/v1/features?kernel=5.11.0-other"))
            .ProblemAsync(HttpStatusCode.NotFound, "kernel-not-found");
        Assert.NotEmpty(problem["nearest"]!.AsArray());
    }
}
