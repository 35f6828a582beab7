using System.Net;
using System.Text;
using Relo.Api.Tests.Fixtures;

namespace Relo.Api.Tests.Relocations;

public sealed class RelocateProblemsTests(Service service) : IClassFixture<Service>
{
    private const string Route = $"/v1/relocations?kernel={Samples.NewKernel}";

    [Fact]
    public async Task Text_is_not_a_bpf_object()
    {
        using var answer = await service.Http.PostAsync(Route, Answers.Body("int main() { return 0; }"u8.ToArray()));
        var problem = await answer.ProblemAsync(HttpStatusCode.UnprocessableEntity, "not-a-bpf-object");
        Assert.NotEmpty((string?)problem["section"] ?? "");
        Assert.NotNull(problem["offset"]);
    }

    [Fact]
    public async Task Cut_off_object_is_malformed_at_a_section_and_an_offset()
    {
        using var answer = await service.Http.PostAsync(Route, Answers.Body(Samples.Object[..4096]));
        var problem = await answer.ProblemAsync(HttpStatusCode.UnprocessableEntity, "malformed-object");
        Assert.NotEmpty((string?)problem["section"] ?? "");
        Assert.True((long)problem["offset"]! >= 0);
    }

    [Fact]
    public async Task Object_whose_BTF_section_has_another_name_has_no_BTF()
    {
        using var answer = await service.Http.PostAsync(Route, Answers.Body(Renamed(".BTF\0", ".BTG\0")));
        await answer.ProblemAsync(HttpStatusCode.UnprocessableEntity, "no-btf");
    }

    [Fact]
    public async Task Instruction_that_does_not_hold_the_local_value_fails_as_libbpf_does()
    {
        // libbpf refuses to patch an instruction that does not hold what the compiler recorded (relo_core.c, bpf_core_patch_insn).
        // "r1 = *(u64 *)(r1 + 16)" of task_struct.state: opcode 79, registers 11, offset 10 00.
        byte[] load = [0x79, 0x11, 0x10, 0x00, 0, 0, 0, 0];
        var bytes = (byte[])Samples.Object.Clone();
        var at = bytes.AsSpan().IndexOf(load);
        Assert.True(at > 0);
        bytes[at + 2] = 0x18;

        using var answer = await service.Http.PostAsync(Route, Answers.Body(bytes));
        var problem = await answer.ProblemAsync(HttpStatusCode.UnprocessableEntity, "relocation-failed");
        Assert.Equal("field-byte-offset", (string?)problem["relocation"]!["kind"]);
        Assert.Contains("struct task_struct.state (0:1 @ offset 16)", (string?)problem["relocation"]!["local"], StringComparison.Ordinal);
        Assert.Equal(Samples.NewKernel, (string?)problem["kernel"]!["id"]);
    }

    [Theory]
    [InlineData("/v1/relocations")]
    [InlineData("/v1/relocations?kernel=")]
    [InlineData("/v1/relocations?kernel=a/b")]
    public async Task Missing_or_strange_kernel_is_invalid(string route)
    {
        using var answer = await service.Http.PostAsync(route, Answers.Body(Samples.Object));
        await answer.ProblemAsync(HttpStatusCode.BadRequest, "invalid-kernel");
    }

    [Fact]
    public async Task Unknown_kernel_is_not_found_and_the_nearest_are_named()
    {
        using var answer = await service.Http.PostAsync("/v1/relocations?kernel=5.11.7-syscall-work", Answers.Body(Samples.Object));
        var problem = await answer.ProblemAsync(HttpStatusCode.NotFound, "kernel-not-found");
        Assert.Equal(Samples.NewKernel, (string?)problem["nearest"]![0]!["kernel"]!["id"]);
        Assert.NotEmpty((string?)problem["nearest"]![0]!["why"] ?? "");
    }

    [Theory]
    [InlineData("failOn=sometimes")]
    [InlineData("include=everything")]
    public async Task Unknown_word_in_a_parameter_is_named(string parameter)
    {
        using var answer = await service.Http.PostAsync($"{Route}&{parameter}", Answers.Body(Samples.Object));
        var problem = await answer.ProblemAsync(HttpStatusCode.BadRequest, "invalid-parameter");
        Assert.StartsWith(parameter.Split('=')[0], (string?)problem["detail"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Accept_of_something_else_is_not_acceptable_and_is_answered_as_a_problem_all_the_same()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Route) { Content = Answers.Body(Samples.Object) };
        using var answer = await service.Http.SendAsync(request.Accepting("image/png"));
        var problem = await answer.ProblemAsync(HttpStatusCode.NotAcceptable, "not-acceptable");
        Assert.Contains("application/zip", (string?)problem["detail"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Problem_is_sent_to_a_client_that_accepts_only_objects()
    {
        using var request =
            new HttpRequestMessage(HttpMethod.Post, "/v1/relocations?kernel=9.9.9") { Content = Answers.Body(Samples.Object) };
        using var answer = await service.Http.SendAsync(request.Accepting("application/octet-stream"));
        await answer.ProblemAsync(HttpStatusCode.NotFound, "kernel-not-found");
    }

    [Fact]
    public async Task Refused_objects_are_not_kept()
    {
        await service.Http.PostAsync("/v1/relocations?kernel=9.9.9", Answers.Body(Renamed("GPL\0", "GPM\0")));
        using var answer = await service.Http.GetAsync(
            $"/v1/relocations/{Core.Bytes.Digest.Of(Renamed("GPL\0", "GPM\0")).Hex}/{Core.Bytes.Digest.Of(Samples.NewBtf).Hex}");
        await answer.ProblemAsync(HttpStatusCode.NotFound, "object-not-found");
    }

    // The sample with one text replaced by another of the same length.
    private static byte[] Renamed(string from, string to)
    {
        var bytes = (byte[])Samples.Object.Clone();
        var at = bytes.AsSpan().LastIndexOf(Encoding.ASCII.GetBytes(from));
        Assert.True(at > 0);
        Encoding.ASCII.GetBytes(to).CopyTo(bytes, at);
        return bytes;
    }
}
