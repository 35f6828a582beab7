using Relo.Core.Objects;
using Relo.Core.Reachability;

namespace Relo.Core.Checks;

/// <summary>
/// Compares what an object needs with what a kernel's BTF shows. The BTF says what the kernel was compiled with, backports included; it does
/// not say what is disabled at run time.
/// </summary>
public static class NeedChecks
{
    /// <summary>One check for each need, in the same order.</summary>
    /// <param name="bpf">The object.</param>
    /// <param name="relocated">The result of relocating it. The kernel's types, and those of its modules, must still be open.</param>
    /// <param name="reachable">Which of its instructions can run there.</param>
    /// <param name="version">The version of the kernel, if known.</param>
    public static IReadOnlyList<Check> Of(BpfObject bpf, Relocated relocated, ReachabilityResult reachable, KernelVersion? version)
    {
        var needs = ObjectNeeds.Of(bpf);
        var reader = new SignReader(bpf, new KernelSigns(relocated.Kernel), version);
        var refused = reachable.Calls.Where(refusal => !refusal.Program.IsOptional)
            .Select(refusal => (refusal.Kind, refusal.Name)).ToHashSet();
        return [.. needs.Select(Held), .. ArchitectureCheck.Of(bpf, relocated)];

        Check Held(Need need)
        {
            var (status, evidence) = reader.Read(need);
            return new(
                need.Kind, need.Name, status, evidence, need.Sign is Sign.Helper helper ? HelperNames.Since(helper.Number) : null,
                need.Programs, need.Optional || (status == CheckStatus.Absent && IsGuarded(need.Sign)));
        }

        // Every call of it is behind a branch that this kernel does not take.
        bool IsGuarded(Sign sign) => sign switch
        {
            Sign.Helper helper => !refused.Contains((RefusalKind.UnknownHelper, $"{helper.Number}")),
            _ => false,
        };
    }
}
