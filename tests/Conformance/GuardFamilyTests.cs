using Relo.Conformance.Corpus;
using Relo.Conformance.Running;
using Relo.Conformance.Verdicts;

namespace Relo.Conformance;

/// <summary>
/// Verdicts put to the running kernel's verifier, program by program, over shapes of guards (c/guards, c/gcc): broken exactly where
/// the verifier refuses the program for an instruction that was poisoned, or that no kernel has.
/// </summary>
public sealed class GuardFamilyTests(GuardFamilyRun run) : IClassFixture<GuardFamilyRun>
{
    public static TheoryData<string> Builds => [.. GuardObject.Builds];

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Builds))]
    public async Task A_program_is_broken_exactly_where_the_verifier_comes_to_a_poisoned_instruction(string build)
    {
        RunningKernel.Require();
        var result = await run.CompareAsync(build, TestContext.Current.CancellationToken);
        string[] wrong = [.. result.Programs.Differences, .. result.Objects.Differences];
        Assert.True(wrong.Length == 0, $"{wrong.Length} differences:\n{string.Join('\n', wrong)}");
        Assert.True(result.Programs.Broken > 0 && result.Programs.Working > 0, "both directions are to be tested");
    }
}
