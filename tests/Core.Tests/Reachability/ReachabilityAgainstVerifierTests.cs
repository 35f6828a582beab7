using Relo.Core.Bpf;
using Relo.Core.Btf;
using Relo.Core.Objects;
using Relo.Core.Reachability;
using Relo.Core.Tests.Building;

namespace Relo.Core.Tests.Reachability;

/// <summary>The promise that matters, tested with the real verifier: it never reaches an instruction that Relo calls unreachable.</summary>
public sealed class ReachabilityAgainstVerifierTests
{
    private const string Poisoned = "invalid func unknown#195896080";

    [Fact]
    public void The_verifier_never_reaches_what_is_called_unreachable()
    {
        Assert.SkipUnless(Verifier.Unavailable is null, Verifier.Unavailable ?? "");
        var (guarded, broken, cautious) = (0, 0, 0);
        for (var seed = 1; seed <= 4000; seed++)
        {
            var program = new RandomProgram(seed);
            var reached = IsReached(program);
            var (accepted, log) = Verifier.Verify(program.Instructions);
            if (!reached)
            {
                Assert.False(log.Contains(Poisoned, StringComparison.Ordinal), $"seed {seed}:\n{Listing(program)}\n{log}");
                guarded += accepted ? 1 : 0;
            }
            else if (accepted) cautious++;
            else if (log.Contains(Poisoned, StringComparison.Ordinal)) broken++;
        }
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"guarded and accepted {guarded}, broken and refused {broken}, called reachable though accepted {cautious}");
        Assert.True(guarded > 400 && broken > 400, $"only {guarded} guarded and {broken} broken programs: the test tells nothing");
    }

    private static bool IsReached(RandomProgram program)
    {
        var writer = new ObjectWriter(bigEndian: !BitConverter.IsLittleEndian);
        writer.Section("socket").Add([.. program.Instructions]);
        var bpf = BpfObject.Read(writer.ToBytes());
        var relocated = new Relocated(bpf.Bytes, BtfReader.Read(new BtfWriter().ToBytes()), []);
        var facts = KernelFacts.Of(LoaderInputs.Of(bpf), relocated.Kernel, Verifier.Version);
        return ReachabilityCheck.Of(bpf, relocated, facts, TestContext.Current.CancellationToken).Verdict == Verdict.Broken;
    }

    private static string Listing(RandomProgram program) =>
        string.Join('\n', program.Instructions.Select((instruction, i) => $"{i}: {Disassembler.Format(instruction)}"));
}
